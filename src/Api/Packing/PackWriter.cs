namespace Relo.Api.Packing;

/// <summary>Writes files into an archive that is sent while it grows. The same files in the same order give the same bytes: no clock, no user.</summary>
internal abstract class PackWriter : IAsyncDisposable
{
    private const int Everyone = 0b100_100_100, Owner = 0b010_000_000, Execute = 0b001_001_001;

    /// <summary>Adds a file.</summary>
    /// <param name="path">Where it is in the archive.</param>
    /// <param name="content">What is in it.</param>
    /// <param name="cancellation">The client is gone.</param>
    /// <param name="isProgram">Whether it may be run.</param>
    public abstract Task AddAsync(string path, ReadOnlyMemory<byte> content, CancellationToken cancellation, bool isProgram = false);

    /// <summary>Ends the archive.</summary>
    public abstract ValueTask DisposeAsync();

    /// <summary>rw-r--r--, or rwxr-xr-x.</summary>
    protected static UnixFileMode ModeOf(bool isProgram) => (UnixFileMode)(Everyone | Owner | (isProgram ? Execute : 0));
}
