namespace Relo.Archive.Blobs;

/// <summary>Too many concurrent writers, or the disk is too slow for them.</summary>
public sealed class ArchiveBusyException(TimeSpan waited)
    : Exception($"those who write to the archive take longer than {waited.TotalSeconds:0.###} s")
{
}
