using Relo.Core.Report;

namespace Relo.Api.Relocations;

/// <summary>The object as uploaded.</summary>
internal sealed record ObjectSection(
    string Sha256, long SizeBytes, string? Name, string ByteOrder, string? License, IReadOnlyList<ProgramReport> Programs)
{
    /// <summary>With the name in the request, if there is one.</summary>
    public static ObjectSection Of(ObjectReport described, string? name)
        => new(described.Sha256, described.SizeBytes, name, described.ByteOrder, described.License, described.Programs);
}
