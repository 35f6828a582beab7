namespace Relo.Archive.Index;

/// <summary>
/// Layouts that one kernel brought: each is a name and its fingerprint, and has a number for ever. A layout that many kernels have is here
/// once.
/// </summary>
internal sealed class LayoutBlockRow
{
    /// <summary>The number of its first layout; the others follow.</summary>
    public required int First { get; init; }

    public required int Count { get; init; }

    /// <summary>Names and fingerprints, compressed.</summary>
    public required byte[] Layouts { get; init; }
}
