using System.Collections.Concurrent;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Relo.Archive.Index;

namespace Relo.Archive.Import;

/// <summary>
/// Takes in a whole tree of kernels as BTFHub lays it out, or one file of it, on all cores. May be stopped and started again: what is here
/// is known by the size and time its file had, without unpacking.
/// </summary>
public sealed class KernelImporter
{
    private const string Added = "added", Present = "present";

    private readonly KernelStore _store;
    private readonly IDbContextFactory<ArchiveDb> _contexts;
    private readonly long _maxFileBytes;
    private readonly ILogger<KernelImporter> _log;

    internal KernelImporter(KernelStore store, IDbContextFactory<ArchiveDb> contexts, IOptions<ArchiveOptions> options, ILogger<KernelImporter> log) =>
        (_store, _contexts, _maxFileBytes, _log) = (store, contexts, options.Value.BtfBytes, log);

    /// <summary>Imports every <c>&lt;distro&gt;/&lt;version&gt;/&lt;arch&gt;/&lt;release&gt;.btf[.tar.xz]</c> found at or below <paramref name="path"/>.</summary>
    /// <param name="path">A folder or one file.</param>
    /// <param name="progress">Told of each file, from any thread.</param>
    /// <param name="ct">Stops the import; what was added stays.</param>
    /// <exception cref="FileNotFoundException">There is nothing at <paramref name="path"/>.</exception>
    public async Task<ImportSummary> ImportAsync(string path, IProgress<ImportProgress>? progress, CancellationToken ct)
    {
        var files = FilesAt(Path.GetFullPath(path));
        var known = await KnownAsync(ct);
        var rejected = new ConcurrentBag<RejectedFile>();
        int added = 0, present = 0, done = 0;
        await Parallel.ForEachAsync(files, new ParallelOptions { CancellationToken = ct, MaxDegreeOfParallelism = Environment.ProcessorCount }, async (file, token) =>
        {
            var (outcome, bad) = await ImportFileAsync(file, known, token);
            if (bad is not null) rejected.Add(bad);
            if (outcome == Added) Interlocked.Increment(ref added);
            else if (outcome == Present) Interlocked.Increment(ref present);
            progress?.Report(new(Interlocked.Increment(ref done), files.Count, file, outcome));
        });
        _log.LogInformation("Import of {Path}: {Added} added, {Present} present, {Rejected} rejected", path, added, present, rejected.Count);
        return new(added, present, [.. rejected.OrderBy(r => r.Path, StringComparer.Ordinal)]);
    }

    private async Task<(string Outcome, RejectedFile? Rejected)> ImportFileAsync(string path, Dictionary<string, (FileStamp Stamp, Kernel Kernel)> known, CancellationToken ct)
    {
        (string, RejectedFile) Reject(string code, string reason) => ("rejected", new(path, code, reason));

        if (BtfHubPath.Describe(path) is not { } described)
            return Reject(Rejected.InvalidKernel, "the path does not tell which kernel this is; expected <distro>/<version>/<arch>/<release>.btf[.tar.xz], or POST the file with its description to /v1/kernels");
        try
        {
            var info = new FileInfo(path);
            var stamp = new FileStamp(info.Length, info.LastWriteTimeUtc.Ticks);
            if (known.TryGetValue(IdOf(described), out var there) && there.Stamp == stamp && _store.HasBtfOf(there.Kernel)) return (Present, null);
            if (stamp.SizeBytes > _maxFileBytes)
                return Reject(Rejected.UnrecognisedKernelFile, $"the file has {stamp.SizeBytes} bytes, at most {_maxFileBytes} are taken");
            var bytes = await File.ReadAllBytesAsync(path, ct);
            return await _store.AddAsync(bytes, described, "import", replace: false, stamp, ct) switch
            {
                Archive.Added => (Added, null),
                AlreadyThere => (Present, null),
                Rejected r => Reject(r.Code, r.Detail),
                Conflict c => Reject("kernel-conflict", $"{c.Existing.Id} is here with another BTF, {c.Existing.Btf}; delete that kernel first"),
                var other => throw new InvalidOperationException($"unknown outcome {other.GetType().Name}"),
            };
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return Reject("unreadable-file", e.Message);
        }
    }

    private static string IdOf(KernelDescription described) => KernelName.Id(
        KernelName.Distro(described.Distro!), KernelName.Version(described.Version!), KernelName.Arch(described.Arch!), KernelName.Release(described.Release!));

    private async Task<Dictionary<string, (FileStamp Stamp, Kernel Kernel)>> KnownAsync(CancellationToken ct)
    {
        await using var db = await _contexts.CreateDbContextAsync(ct);
        return await db.Kernels.AsNoTracking().Where(k => k.FileSizeBytes != null && k.FileModifiedAt != null)
            .ToDictionaryAsync(k => k.Id, k => (new FileStamp(k.FileSizeBytes!.Value, k.FileModifiedAt!.Value), k.ToKernel()), ct);
    }

    private static List<string> FilesAt(string path)
    {
        if (File.Exists(path)) return [path]; // named by the caller, so it is told even if its name is a strange one
        if (!Directory.Exists(path)) throw new FileNotFoundException($"there is no file or folder {path}", path);
        // Links are not followed: they may lead out of the tree, or round in it.
        var options = new EnumerationOptions { RecurseSubdirectories = true, AttributesToSkip = FileAttributes.ReparsePoint };
        return [.. Directory.EnumerateFiles(path, "*", options).Where(BtfHubPath.IsCandidate).Order(StringComparer.Ordinal)];
    }
}
