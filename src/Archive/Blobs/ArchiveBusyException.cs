namespace Relo.Archive.Blobs;

/// <summary>Too many want to write to the archive at once, or the disk takes too long for those that do.</summary>
public sealed class ArchiveBusyException(TimeSpan waited) : Exception($"those who write to the archive take longer than {waited.TotalSeconds:0.###} s")
{
}
