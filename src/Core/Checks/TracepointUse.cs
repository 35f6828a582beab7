using System.Text;
using Relo.Core.Btf;
using Relo.Core.Objects;

namespace Relo.Core.Checks;

/// <summary>Compares what programs read of a tracepoint with what the kernel passes. Only code that can run counts.</summary>
internal sealed class TracepointUse(BpfObject bpf, KernelIndicators kernel, ContextReads reads)
{
    private const string Prefix = "trace_event_raw_";
    private const int ArgumentBytes = 8;

    /// <summary>
    /// The first argument that a program reads and the tracepoint does not have; null if there is none. The verifier refuses a tp_btf
    /// program for it (btf_ctx_access); in a raw tracepoint its value means nothing.
    /// </summary>
    /// <param name="typedef">The tracepoint: <c>typedef void (*btf_trace_x)(void *, …)</c>.</param>
    /// <param name="programs">The programs.</param>
    public string? MissingArgument(Found typedef, IEnumerable<string> programs)
    {
        var pointer = typedef.Types.SkipModifiers(typedef.Type.SizeOrType);
        if (pointer.Kind != BtfKind.Ptr || typedef.Types[pointer.SizeOrType] is not { Kind: BtfKind.FuncProto, Count: > 0 } prototype)
            return null;
        var count = prototype.Count - 1; // the first is the private data of the registration
        foreach (var program in programs)
            if (reads.Of(program) is [.., var last] && last / ArgumentBytes >= count)
                return $"{program} reads argument {(last / ArgumentBytes) + 1}, and it has {count}: "
                    + $"typedef {typedef.Name} in {typedef.Place}";
        return null;
    }

    /// <summary>The first field that a program reads at another offset than the kernel writes it; null if there is none.</summary>
    public string? MovedField(string tracepoint, IEnumerable<string> programs)
    {
        foreach (var program in programs)
        {
            if (reads.Of(program) is not { Count: > 0 } offsets || ContextStruct.Of(bpf.Types, program) is not { } local) continue;
            if (RecordOf(tracepoint, local) is not { } record) continue;
            foreach (var at in offsets)
                if (ContextStruct.FieldAt(bpf.Types, local, at) is { } field
                    && ContextStruct.OffsetOf(record.Types, record.Type, field.Name) is { } offset && offset != field.Offset)
                    return $"{program} reads {field.Name} at {field.Offset}, and it is at {offset}: struct {record.Name} in {record.Place}";
        }

        return null;
    }

    // DECLARE_EVENT_CLASS(x) makes struct trace_event_raw_x, TRACE_EVENT(x) a class of that name. Which class an event of another name
    // belongs to is not in BTF: then the object has to name it.
    private Found? RecordOf(string tracepoint, BtfType local) =>
        kernel.Type(BtfKind.Struct, RecordOf(bpf, tracepoint, local), kernel.ListsTracepoints);

    /// <summary>Name of the record's struct.</summary>
    public static string RecordOf(BpfObject bpf, string tracepoint, BtfType local)
    {
        var name = Encoding.UTF8.GetString(EssentialName.Of(bpf.Types.Name(local.NameOffset)));
        return name.StartsWith(Prefix, StringComparison.Ordinal) ? name : Prefix + tracepoint;
    }
}
