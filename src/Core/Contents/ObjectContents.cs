using System.Text.Json.Serialization;
using Relo.Core.Bytes;
using Relo.Core.Checks;
using Relo.Core.Objects;
using Relo.Core.Report;

namespace Relo.Core.Contents;

/// <summary>The contents of an object, for no particular kernel. Its lists are printed as they are read and never kept.</summary>
/// <param name="Object">The object and its programs.</param>
/// <param name="Maps">Its maps.</param>
/// <param name="Relocations">Its CO-RE records, in <c>.BTF.ext</c> order.</param>
/// <param name="LocalTypes">The types that the records refer to.</param>
/// <param name="Requirements">What the node needs besides relocation.</param>
/// <param name="Needs">What the kernel must have, one by one.</param>
public sealed record ObjectContents(
    ObjectReport Object,
    IReadOnlyList<MapReport> Maps,
    IReadOnlyList<RecordSummary> Relocations,
    IReadOnlyList<LocalTypeUse> LocalTypes,
    Requirements Requirements,
    IReadOnlyList<Need> Needs)
{
    /// <summary>Characters of all its texts.</summary>
    [JsonIgnore]
    public long Characters { get; private init; }

    /// <summary>The estimated memory it holds, including the object, in bytes.</summary>
    [JsonIgnore]
    public long HeldBytes { get; private init; }

    /// <summary>Reads the contents of an object.</summary>
    /// <exception cref="MalformedObjectException">A map's definition is inconsistent, or names repeat so often that the result would
    /// be far larger than the object.</exception>
    public static ObjectContents Of(BpfObject bpf)
    {
        var text = new ReportText();
        var requirements = text.Take(Requirements.Of(bpf));
        var described = ReportBuilder.Describe(bpf, requirements, text);
        return new(described, Objects.Maps.Of(bpf), RecordSummaries.Of(bpf, text), LocalTypeUses.Of(bpf, text), requirements,
            text.Take(ObjectNeeds.Of(bpf)))
        {
            Characters = text.Taken,
            HeldBytes = bpf.HeldBytes + (sizeof(int) * bpf.Records.LongLength),
        };
    }
}
