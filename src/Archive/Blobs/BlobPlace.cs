namespace Relo.Archive.Blobs;

/// <summary>Where in a store a blob is.</summary>
internal enum BlobPlace
{
    /// <summary>Where it is found by its digest.</summary>
    Stored,

    /// <summary>Set aside because its bytes do not match its digest.</summary>
    Quarantined,

    /// <summary>Set aside because the database does not name it.</summary>
    Orphaned,
}
