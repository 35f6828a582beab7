namespace Relo.Archive.Blobs;

/// <summary>The stored blobs by kind.</summary>
/// <param name="Btf">Raw BTF of kernels and modules.</param>
/// <param name="Objects">Uploaded objects.</param>
/// <param name="Connection">The connection that both share, if any; owned.</param>
internal sealed record ArchiveBlobs(IBlobStore Btf, IBlobStore Objects, IDisposable? Connection = null) : IDisposable
{
    /// <summary>Blobs in files under a folder.</summary>
    public static ArchiveBlobs InFiles(string root) => new(new FileBlobs(root, "btf"), new FileBlobs(root, "objects"));

    /// <inheritdoc/>
    public void Dispose()
    {
        (Btf as IDisposable)?.Dispose();
        (Objects as IDisposable)?.Dispose();
        Connection?.Dispose();
    }
}
