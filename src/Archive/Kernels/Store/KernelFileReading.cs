using Microsoft.Extensions.Options;
using Relo.Archive.Blobs;
using Relo.Archive.KernelFiles;
using Relo.Archive.Settings;

namespace Relo.Archive.Kernels.Store;

/// <summary>Reads kernel files with the configured limits, at most one on each processor at a time.</summary>
internal sealed class KernelFileReading(ArchiveFolders folders, IOptions<ArchiveOptions> options) : IDisposable
{
    // Unpacking is CPU-bound: more concurrency than processors would only cost memory.
    private readonly SemaphoreSlim _readers = new(Environment.ProcessorCount);

    /// <summary>The configured limits.</summary>
    public ReadSettings Settings { get; } = ReadSettings.Of(options.Value, folders.Scratch);

    /// <summary>Reads a kernel file.</summary>
    /// <param name="file">The file.</param>
    /// <param name="keepsModules">Whether modules in it are wanted; without them, reading a package ends at its kernel.</param>
    /// <param name="ct">Cancels.</param>
    /// <exception cref="KernelFileException">The file is not accepted.</exception>
    public async Task<KernelFile> ReadAsync(ReadOnlyMemory<byte> file, bool keepsModules, CancellationToken ct)
    {
        await _readers.WaitAsync(ct);
        try
        {
            return KernelFileReader.Read(file, Settings with { KeepsModules = keepsModules }, ct);
        }
        finally
        {
            _readers.Release();
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _readers.Dispose();
}
