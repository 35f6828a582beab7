using Relo.Core.Checks;
using Relo.Core.Contents;
using Relo.Core.Objects;
using Relo.Core.Report;

namespace Relo.Api.Objects;

/// <summary>The contents of an object, independent of any kernel.</summary>
internal sealed record ObjectDescription(
    string Sha256, long SizeBytes, string? Name, string ByteOrder, string? License, IReadOnlyList<ProgramReport> Programs,
    IReadOnlyList<MapReport> Maps,
    IReadOnlyList<RecordSummary> Relocations, IReadOnlyList<LocalTypeUse> LocalTypes, Requirements Requirements,
    IReadOnlyList<Need> Needs)
{
    /// <summary>The description of an object.</summary>
    public static ObjectDescription Of(ObjectContents contents, string? name) => new(
        contents.Object.Sha256, contents.Object.SizeBytes, name, contents.Object.ByteOrder, contents.Object.License,
        contents.Object.Programs, contents.Maps,
        contents.Relocations, contents.LocalTypes, contents.Requirements, contents.Needs);
}
