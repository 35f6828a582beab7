using Relo.Core.Access;
using Relo.Core.Btf;
using Relo.Core.Objects;
using Relo.Core.Report;

namespace Relo.Core.Contents;

/// <summary>Lists the types that the records of an object refer to, each printed when it is read.</summary>
internal static class LocalTypeUses
{
    /// <summary>Each type once, in the order of their first records. Counts their characters.</summary>
    public static IReadOnlyList<LocalTypeUse> Of(BpfObject bpf, ReportText text)
    {
        var types = new OrderedDictionary<uint, List<int>>();
        var seen = new bool[bpf.Specs.Length]; // records with the same access share one path
        foreach (ref readonly var record in bpf.Records.AsSpan())
        {
            if (bpf.Specs[record.Spec].Spec is not { } spec) continue;
            if (!types.TryGetValue(spec.RootTypeId, out var records))
            {
                types.Add(spec.RootTypeId, records = []);
                text.Pay(spec.RootText.Length);
            }
            if (!seen[record.Spec]) text.Pay(spec.PathText.Length);
            seen[record.Spec] = true;
            records.Add(record.Index);
        }
        int[][] byType = [.. types.Values.Select(records => records.ToArray())];
        return new PrintedList<LocalTypeUse>(byType.Length, index => Print(bpf, byType[index]));
    }

    private static LocalTypeUse Print(BpfObject bpf, int[] records)
    {
        var root = SpecOf(bpf, records[0]);
        var fields = records.Select(record => bpf.Records[record].Spec).Distinct()
            .Select(spec => bpf.Specs[spec].Spec!.PathText.TrimStart('.', ':'))
            .Where(field => field.Length > 0).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal);
        return new(root.RootText, SizeOf(bpf.Types, root.RootTypeId), [.. fields], records);
    }

    private static AccessSpec SpecOf(BpfObject bpf, int record) => bpf.Specs[bpf.Records[record].Spec].Spec!;

    private static long? SizeOf(BtfTypes types, uint id) => types.SizeOf(id) is var size and >= 0 ? size : null;
}
