namespace Relo.Archive.Faults;

/// <summary>Too many concurrent writers, or the disk is too slow for them.</summary>
public sealed class ArchiveBusyException(TimeSpan waited)
    : Exception($"a write to the archive waited for other writers longer than {waited.TotalSeconds:0.###} s")
{
}
