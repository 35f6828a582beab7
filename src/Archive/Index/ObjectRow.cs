namespace Relo.Archive.Index;

/// <summary>A stored object. Times are UTC ticks.</summary>
internal sealed class ObjectRow
{
    /// <summary>64 hexadecimal digits.</summary>
    public required string Digest { get; init; }
    public required long SizeBytes { get; init; }
    public required long UploadedAt { get; init; }
    public required long LastUsedAt { get; set; }
    public List<TagRow> Tags { get; } = [];
}
