using System.Collections.Concurrent;
using Relo.Archive.Blobs;
using Relo.Archive.Faults;
using Relo.Archive.Index;
using Relo.Archive.Kernels;

namespace Relo.Archive.Export;

/// <summary>
/// Exports the archive in BTFHub's layout, on all cores. An interrupted export can be resumed: a file gets its name by one rename when it
/// is complete, and its modification time is the time its kernel was added, so a file with that time is skipped.
/// </summary>
internal sealed class KernelExporter
{
    private static readonly TimeSpan CoarsestTime = TimeSpan.FromSeconds(2); // of FAT, if the tree is carried on a USB stick

    private readonly IBlobStore _btf;
    private readonly KernelIndex _index;

    public KernelExporter(ArchiveBlobs blobs, KernelIndex index) => (_btf, _index) = (blobs.Btf, index);

    /// <summary>Writes <c>&lt;distro&gt;/&lt;version&gt;/&lt;arch&gt;/&lt;release&gt;.btf.tar.xz</c> for every kernel.</summary>
    /// <param name="folder">Target folder; created if missing.</param>
    /// <param name="progress">Reports each kernel, from any thread.</param>
    /// <param name="ct">Stops the export; files written so far are kept.</param>
    /// <exception cref="IOException">The folder cannot be written.</exception>
    public async Task<ExportSummary> ExportAsync(string folder, IProgress<ExportProgress>? progress, CancellationToken ct)
    {
        var root = Path.GetFullPath(folder);
        Directory.CreateDirectory(root);
        var failed = new ConcurrentBag<FailedExport>();
        var kernels = _index.Matching(new()).ToList();
        int written = 0, present = 0, done = 0;
        await Parallel.ForEachAsync(kernels, new ParallelOptions
        {
            CancellationToken = ct,
            MaxDegreeOfParallelism = Environment.ProcessorCount
        }, async (kernel, token) =>
        {
            var path = Path.Combine(root, kernel.Distro, kernel.Version, kernel.Arch, kernel.Release + BtfTarball.Suffix);
            var outcome = "present";
            if (IsOf(kernel, path))
            {
                Interlocked.Increment(ref present);
            }
            else if (await WriteAsync(kernel, path, token) is { } fault)
            {
                outcome = "failed";
                failed.Add(new(kernel.Id, fault));
            }
            else
            {
                Interlocked.Increment(ref written);
                outcome = "written";
            }

            progress?.Report(new(Interlocked.Increment(ref done), kernels.Count, kernel.Id, outcome));
        });
        return new(written, present, [.. failed.OrderBy(f => f.Kernel, StringComparer.Ordinal)]);
    }

    // Reading checks the digest: a damaged blob must not spread.
    private async Task<string?> WriteAsync(Kernel kernel, string path, CancellationToken ct)
    {
        try
        {
            using var blob = await _btf.ReadAsync(kernel.Btf, ct);
            if (blob is null) return $"its BTF {kernel.Btf} is missing";
            await WriteAsync(path, BtfTarball.Write(kernel.Release, blob.Memory, ct), kernel.AddedAt, ct);
            return null;
        }
        catch (CorruptBlobException e)
        {
            return e.Message;
        }
    }

    private static bool IsOf(Kernel kernel, string path) =>
        File.Exists(path) && (File.GetLastWriteTimeUtc(path) - kernel.AddedAt.UtcDateTime).Duration() < CoarsestTime;

    private static async Task WriteAsync(string path, byte[] bytes, DateTimeOffset time, CancellationToken ct)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        // One fixed temporary name beside the file: the next export overwrites the file that a killed one left.
        var half = path + ".half";
        await File.WriteAllBytesAsync(half, bytes, ct);
        File.SetLastWriteTimeUtc(half, time.UtcDateTime);
        File.Move(half, path, overwrite: true);
    }
}
