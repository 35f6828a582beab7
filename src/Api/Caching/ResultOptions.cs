namespace Relo.Api.Caching;

/// <summary>Part of section <c>Cache</c>: the caches of results, all of which can be recomputed.</summary>
internal sealed class ResultOptions
{
    /// <summary>How many bytes of relocations are kept.</summary>
    public long ResultBytes { get; set; } = 256L << 20;

    /// <summary>How many bytes of outcomes of compatibility checks are kept.</summary>
    public long CompatibilityBytes { get; set; } = 64L << 20;

    /// <summary>How many bytes of packed kernel BTF are kept, for <c>/api/v1/download</c>.</summary>
    public long PackedBytes { get; set; } = 64L << 20;
}
