namespace Relo.Archive.Blobs;

/// <summary>The stored blobs by kind.</summary>
/// <param name="Btf">Raw BTF of kernels and modules.</param>
/// <param name="Objects">Uploaded objects.</param>
/// <param name="Connection">The connection that both share, if any; owned.</param>
internal sealed record ArchiveBlobs(PackedBlobs Btf, IBlobStore Objects, IDisposable? Connection = null) : IDisposable
{
    /// <summary>Blobs in files.</summary>
    /// <param name="folders">Their folders.</param>
    public static ArchiveBlobs InFiles(ArchiveFolders folders) => new(
        new(new FileBlobs(folders.Root, "btf"), new FileBlobs(folders.Root, "packed", PackedBlob.NameOf), new(folders.Cache, "btf")),
        new FileBlobs(folders.Root, "objects"));

    /// <inheritdoc/>
    public void Dispose()
    {
        Btf.Dispose();
        (Objects as IDisposable)?.Dispose();
        Connection?.Dispose();
    }
}
