namespace Relo.Archive.Index;

/// <summary>
/// Layouts that were first seen on one kernel. Each is a name and its fingerprint, with a number that never changes. A layout that many
/// kernels share is stored once.
/// </summary>
internal sealed class LayoutBlockRow
{
    /// <summary>The number of its first layout; the others have the next numbers.</summary>
    public required int First { get; init; }

    public required int Count { get; init; }

    /// <summary>Names and fingerprints, compressed.</summary>
    public required byte[] Layouts { get; init; }
}
