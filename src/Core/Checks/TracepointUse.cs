using System.Text;
using Relo.Core.Btf;
using Relo.Core.Objects;

namespace Relo.Core.Checks;

/// <summary>Compares what programs read of a tracepoint with what the kernel passes. Only code that can run counts.</summary>
internal sealed class TracepointUse(BpfObject bpf, KernelIndicators kernel, ContextReads reads, CancellationToken cancellation)
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
            cancellation.ThrowIfCancellationRequested();
            if (reads.Of(program) is not { Length: > 0 } offsets || ContextStruct.Of(bpf.Types, program) is not { } local) continue;
            if (RecordOf(tracepoint, local) is { } record && MovedField(local, record, offsets) is { } moved)
                return $"{program} reads {moved}: struct {record.Name} in {record.Place}";
        }

        return null;
    }

    // Only the name of a field that has moved is decoded: untrusted names are long, and there may be thousands of reads.
    private string? MovedField(BtfType local, Found record, int[] offsets)
    {
        foreach (var field in ContextStruct.Fields(bpf.Types, local))
        {
            var start = ContextStruct.OffsetOf(field);
            if (!IsRead(offsets, start, bpf.Types.SizeOf(field.TypeId))) continue;
            var name = bpf.Types.Name(field.NameOffset);
            if (ContextStruct.OffsetOf(record.Types, record.Type, name) is { } now && now != start)
                return $"{Encoding.UTF8.GetString(name)} at {start}, and it is at {now}";
        }

        return null;
    }

    private static bool IsRead(int[] offsets, int start, long size)
    {
        var at = Array.BinarySearch(offsets, start);
        if (at < 0) at = ~at; // the first one after the start
        return at < offsets.Length && offsets[at] - start < size;
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
