using Relo.Core.Bytes;
using Relo.Core.Objects;
using Relo.Core.Report;

namespace Relo.Core.Contents;

/// <summary>The contents of an object, without a kernel: what it holds, what it asks the kernel, what it requires of the node.</summary>
/// <param name="Object">The object and its programs.</param>
/// <param name="Maps">Its maps.</param>
/// <param name="Relocations">Its CO-RE records, in <c>.BTF.ext</c> order.</param>
/// <param name="LocalTypes">The types that the records ask about.</param>
/// <param name="Requirements">What the node must have besides relocation.</param>
public sealed record ObjectContents(
    ObjectReport Object,
    IReadOnlyList<MapReport> Maps,
    IReadOnlyList<AskedRelocation> Relocations,
    IReadOnlyList<AskedType> LocalTypes,
    Requirements Requirements)
{
    /// <summary>Reads them.</summary>
    /// <exception cref="MalformedObjectException">A map's definition contradicts itself, or names repeat so often that the answer would
    /// be far larger than the object.</exception>
    public static ObjectContents Of(BpfObject bpf)
    {
        var text = new ReportText();
        var requirements = text.Take(Requirements.Of(bpf));
        return new(
            ReportBuilder.Describe(bpf, requirements, text), Contents.Maps.Of(bpf),
            AskedRelocations.Of(bpf, text), AskedTypes.Of(bpf, text), requirements);
    }
}
