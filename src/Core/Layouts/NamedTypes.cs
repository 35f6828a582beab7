using System.Text;
using Relo.Core.Btf;

namespace Relo.Core.Layouts;

/// <summary>Finds types, functions and variables by their whole names.</summary>
public static class NamedTypes
{
    /// <summary>
    /// The types of this name, each kind once: the one that a bare name means first. BTF that was not deduplicated has several of one kind,
    /// of which the first counts, as for libbpf.
    /// </summary>
    /// <param name="types">The BTF; for a module, its base is searched too.</param>
    /// <param name="name"><c>task_struct</c> or <c>struct task_struct</c>.</param>
    /// <param name="kind">A word of <see cref="KindWords"/>; null for any.</param>
    public static IReadOnlyList<BtfType> Find(BtfTypes types, string name, string? kind = null)
    {
        if (kind is null && name.IndexOf(' ', StringComparison.Ordinal) is var space and > 0 && KindWords.Contains(name[..space]))
            (kind, name) = (name[..space], name[(space + 1)..].Trim());
        var bytes = Encoding.UTF8.GetBytes(name);
        var found = new SortedDictionary<int, BtfType>();
        for (var id = 1u; id < (uint)types.Count && bytes.Length > 0; id++)
        {
            var type = types[id];
            if (type.NameOffset == 0 || TypeKind.Rank(type.Kind) is not (>= 0 and var rank) || found.ContainsKey(rank)) continue;
            if (kind is not null && TypeKind.Of(type.Kind) != kind) continue;
            if (types.NameEquals(type.NameOffset, bytes)) found.Add(rank, type);
        }

        return [.. found.Values];
    }

    /// <summary>The words for kinds, such as <c>struct</c> and <c>func</c>.</summary>
    public static IReadOnlyList<string> KindWords { get; } = [.. TypeKind.Words];

    /// <summary>The word for the kind of a type that <see cref="Find"/> returned.</summary>
    public static string KindOf(BtfType type) => TypeKind.Of(type.Kind) ?? type.Kind.LibbpfName();
}
