namespace Relo.Api.Packing;

/// <summary>
/// Writes files into an archive that is streamed to the client. The same files in the same order give the same bytes: no clock, no user.
/// </summary>
internal abstract class PackWriter : IAsyncDisposable
{
    private const int Everyone = 0b100_100_100, Owner = 0b010_000_000, Execute = 0b001_001_001;

    /// <summary>Adds a file.</summary>
    /// <param name="path">Its path in the archive.</param>
    /// <param name="content">Its content.</param>
    /// <param name="cancellation">Cancelled when the client disconnects.</param>
    /// <param name="isProgram">Whether the file is executable.</param>
    public abstract Task AddAsync(string path, ReadOnlyMemory<byte> content, CancellationToken cancellation, bool isProgram = false);

    /// <summary>Completes the archive.</summary>
    public abstract ValueTask DisposeAsync();

    /// <summary>rw-r--r--, or rwxr-xr-x.</summary>
    protected static UnixFileMode ModeOf(bool isProgram) => (UnixFileMode)(Everyone | Owner | (isProgram ? Execute : 0));
}
