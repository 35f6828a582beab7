using System.Text;
using Relo.Core.Access;
using Relo.Core.Btf;
using Relo.Core.Objects;

namespace Relo.Core.Contents;

/// <summary>Which records of an object are about a type, a field or an enumerator.</summary>
/// <param name="type">Its type, without flavour: <c>task_struct</c>.</param>
/// <param name="path">The field, <c>state</c> or <c>se.on_rq</c>; empty for the type and all its fields.</param>
public sealed class FieldReads(string type, string path)
{
    private readonly byte[] _type = Encoding.UTF8.GetBytes(type);

    /// <summary>
    /// Parses <c>task_struct.state</c>, <c>struct task_struct.state</c>, <c>task_struct</c> or <c>bpf_func_id::BPF_FUNC_loop</c>.
    /// </summary>
    /// <returns>Null if the text names no type.</returns>
    public static FieldReads? TryParse(string text)
    {
        var name = Layouts.NamedTypes.Split(text.Trim()).Name.Replace("::", ".", StringComparison.Ordinal);
        var dot = name.IndexOf('.', StringComparison.Ordinal);
        var (type, path) = dot < 0 ? (name, "") : (name[..dot], name[(dot + 1)..]);
        return type.Length == 0 || (dot >= 0 && path.Length == 0) ? null : new(type, path);
    }

    /// <summary>The records, in their order.</summary>
    /// <param name="bpf">The object.</param>
    /// <param name="most">The largest number.</param>
    public IReadOnlyList<RecordSummary> Of(BpfObject bpf, int most)
    {
        var matches = bpf.Specs.Select(local => local.Spec is { } spec && Matches(spec)).ToArray();
        return [.. Enumerable.Range(0, bpf.Records.Length).Where(i => bpf.Records[i].Spec is >= 0 and var spec && matches[spec]).Take(most)
            .Select(i => RecordSummaries.Print(bpf, bpf.Records[i]))];
    }

    // Also where another struct embeds the type: task->thread_info.flags reads thread_info.flags.
    private bool Matches(AccessSpec spec)
    {
        if (IsOfType(spec.Types, spec.RootTypeId) && IsPath(spec, 0)) return true;
        for (var i = 0; i < spec.Accessors.Length; i++)
        {
            var step = spec.Accessors[i];
            if (step.IsNamed && TypeOf(spec.Types, step) is { } inner && IsOfType(spec.Types, inner) && IsPath(spec, i + 1)) return true;
        }

        return false;
    }

    // The type of a member, or of its elements if it is an array; null for an enumerator.
    private static uint? TypeOf(BtfTypes types, Accessor step)
    {
        var owner = types[step.TypeId];
        if (!owner.Kind.IsComposite() || step.Index >= owner.Count) return null;
        var type = types.SkipModifiers(types.Member(owner, step.Index).TypeId);
        for (var at = 0; type.Kind == BtfKind.Array; at++) type = types.SkipModifiers(BtfWalk.Next(types.Array(type).ElementTypeId, at));
        return type.Id;
    }

    private bool IsOfType(BtfTypes types, uint id) => types.EssentialNameEquals(types[id].NameOffset, _type);

    // The names from a step on; elements of arrays have none.
    private bool IsPath(AccessSpec spec, int from)
    {
        if (path.Length == 0) return true;
        var names = spec.Accessors.Skip(from).Where(step => step.IsNamed).Select(step => spec.Types.NameText(step.NameOffset));
        return $"{string.Join('.', names)}.".StartsWith($"{path}.", StringComparison.Ordinal);
    }
}
