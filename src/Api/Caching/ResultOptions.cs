namespace Relo.Api.Caching;

/// <summary>Part of section <c>Cache</c>: the caches of results, all of which can be recomputed.</summary>
internal sealed class ResultOptions
{
    /// <summary>Maximum size of the cached relocations, in bytes.</summary>
    public long ResultBytes { get; set; } = 256L << 20;

    /// <summary>Maximum size of the cached outcomes of compatibility checks, in bytes.</summary>
    public long CompatibilityBytes { get; set; } = 64L << 20;

    /// <summary>Maximum size of the cached packed BTF for <c>/api/v1/download</c>, in bytes.</summary>
    public long PackedBytes { get; set; } = 64L << 20;
}
