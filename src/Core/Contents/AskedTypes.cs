using Relo.Core.Btf;
using Relo.Core.Objects;
using Relo.Core.Report;

namespace Relo.Core.Contents;

/// <summary>Gathers the types that the records of an object ask about.</summary>
internal static class AskedTypes
{
    /// <summary>Each type once, in the order they are first asked about.</summary>
    public static IReadOnlyList<AskedType> Of(BpfObject bpf, ReportText text)
    {
        var types = new OrderedDictionary<uint, Asked>();
        var seen = new bool[bpf.Specs.Length]; // records that ask the same share one path
        foreach (var record in bpf.Records)
        {
            if (bpf.Specs[record.Spec].Spec is not { } spec) continue;
            if (!types.TryGetValue(spec.RootTypeId, out var type)) types.Add(spec.RootTypeId, type = new(text.Take(spec.RootText)));
            if (!seen[record.Spec]) type.Fields.Add(text.PathOf(spec).TrimStart('.', ':'));
            seen[record.Spec] = true;
            type.Records.Add(record.Index);
        }
        return [.. types.Select(t => new AskedType(
            t.Value.Text, Size(bpf.Types, t.Key),
            [.. t.Value.Fields.Where(f => f.Length > 0).Order(StringComparer.Ordinal)], t.Value.Records))];
    }

    private static long? Size(BtfTypes types, uint id) => types.SizeOf(id) is var size and >= 0 ? size : null;

    private sealed record Asked(string Text)
    {
        public HashSet<string> Fields { get; } = new(StringComparer.Ordinal);
        public List<int> Records { get; } = [];
    }
}
