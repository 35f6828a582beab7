namespace Relo.Archive.Index;

/// <summary>A name for an object, which moves to another one when that is uploaded under it.</summary>
internal sealed class TagRow
{
    public required string Name { get; init; }

    /// <summary>The object it is on.</summary>
    public required string Digest { get; set; }
    public required long MovedAt { get; set; }
}
