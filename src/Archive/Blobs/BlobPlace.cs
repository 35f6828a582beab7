namespace Relo.Archive.Blobs;

/// <summary>The place of a blob in its store.</summary>
internal enum BlobPlace
{
    /// <summary>The usual place, where it is found by its digest.</summary>
    Stored,

    /// <summary>In quarantine, because its bytes do not match its digest.</summary>
    Quarantined,

    /// <summary>Moved out, because it has no database row.</summary>
    Orphaned,
}
