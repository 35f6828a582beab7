namespace Relo.Archive.Index;

/// <summary>A name for an object; uploading another object under the same tag moves the tag.</summary>
internal sealed class TagRow
{
    public required string Name { get; init; }

    /// <summary>The tagged object.</summary>
    public required string Digest { get; set; }
    public required long MovedAt { get; set; }
}
