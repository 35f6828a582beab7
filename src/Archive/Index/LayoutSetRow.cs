namespace Relo.Archive.Index;

/// <summary>The layouts of a kernel. Kernels with the same ones share a row, and similar ones are stored as a difference.</summary>
internal sealed class LayoutSetRow
{
    /// <summary>Never reused, even after the row is deleted.</summary>
    public int Id { get; init; }

    /// <summary>SHA-256 of the numbers of its layouts, 64 hexadecimal digits.</summary>
    public required string Digest { get; init; }

    /// <summary>The set that this one differs from; null if all numbers are here. That set has no base itself.</summary>
    public int? BaseId { get; init; }

    /// <summary>The numbers of its layouts as ranges; with a base, the ranges that it lacks, then those that it adds. Compressed.</summary>
    public required byte[] Ranges { get; init; }
}
