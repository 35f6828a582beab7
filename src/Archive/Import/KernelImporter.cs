using System.Collections.Concurrent;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Relo.Archive.Index;
using Relo.Archive.KernelFiles;
using Relo.Archive.Kernels;
using Relo.Archive.Kernels.Store;
using Relo.Archive.Layouts;
using Relo.Archive.Naming;
using Relo.Archive.Settings;

namespace Relo.Archive.Import;

/// <summary>
/// Imports a tree in BTFHub's layout, any other folder of kernel files and modules, or one file, on all cores. An import can be repeated:
/// if the path names the kernel, an unchanged size and time of the file show that it was imported, without unpacking it.
/// </summary>
internal sealed class KernelImporter
{
    private readonly KernelStore _store;
    private readonly ModuleImport _modules;
    private readonly PackedImporter _packed;
    private readonly IDbContextFactory<ArchiveDb> _contexts;
    private readonly LayoutBuilder _layouts;
    private readonly long _maxBtfBytes;
    private readonly ILogger<KernelImporter> _log;

    public KernelImporter(
        KernelStore store, ModuleImport modules, PackedImporter packed, IDbContextFactory<ArchiveDb> contexts, LayoutBuilder layouts,
        IOptions<ArchiveOptions> options, ILogger<KernelImporter> log) =>
        (_store, _modules, _packed, _contexts, _layouts, _maxBtfBytes, _log) =
            (store, modules, packed, contexts, layouts, options.Value.BtfBytes, log);

    /// <summary>
    /// Imports every kernel found at or below <paramref name="path"/>: named by its path
    /// (<c>&lt;distro&gt;/&lt;version&gt;/&lt;arch&gt;/&lt;release&gt;.btf[.tar.xz]</c>) or by its content; then the modules there.
    /// If the file is a packed archive, imports the kernels and modules in it.
    /// </summary>
    /// <param name="path">A folder or one file.</param>
    /// <param name="progress">Receives each file, from any thread.</param>
    /// <param name="ct">Stops the import; kernels added so far are kept.</param>
    /// <exception cref="FileNotFoundException"><paramref name="path"/> does not exist.</exception>
    public async Task<ImportSummary> ImportAsync(string path, IProgress<ImportProgress>? progress, CancellationToken ct)
    {
        var summary = PackedImporter.Recognises(path)
            ? await _packed.ImportAsync(path, progress, ct)
            : await ImportTreeAsync(path, progress, ct);
        await _layouts.BuildAsync(Environment.ProcessorCount, ct);
        _log.LogInformation(
            "Import of {Path}: {Added} added, {Present} present, {Rejected} rejected, {Modules} modules, {Skipped} skipped",
            path, summary.Added, summary.Present, summary.Rejected.Count, summary.Modules, summary.Skipped.Count);
        return summary;
    }

    private async Task<ImportSummary> ImportTreeAsync(string path, IProgress<ImportProgress>? progress, CancellationToken ct)
    {
        var tree = ImportTree.At(Path.GetFullPath(path));
        var known = await KnownAsync(ct);
        var rejected = new ConcurrentBag<RejectedFile>();
        var notes = new ConcurrentBag<SkippedFile>();
        int added = 0, present = 0, done = 0, modules = 0, total = tree.Kernels.Count + tree.Modules.Count;
        var parallel = new ParallelOptions { CancellationToken = ct, MaxDegreeOfParallelism = Environment.ProcessorCount };
        await Parallel.ForEachAsync(tree.Kernels, parallel, async (file, token) =>
        {
            var (outcome, bad, left) = await ImportFileAsync(file, known, token);
            if (bad is not null) rejected.Add(bad);
            foreach (var note in left) notes.Add(new(file, note));
            if (outcome == ImportedFile.Added) Interlocked.Increment(ref added);
            else if (outcome == ImportedFile.Present) Interlocked.Increment(ref present);
            progress?.Report(new(Interlocked.Increment(ref done), total, file, outcome));
        });
        // After the kernels, because modules need them.
        foreach (var folder in ModuleImport.Folders(tree.Modules))
        {
            var result = await _modules.AddAsync(folder, ct);
            foreach (var bad in result.Rejected) rejected.Add(bad);
            modules += result.Taken;
            done += result.Files;
            var outcome = result.IsNew ? ImportedFile.Added : result.Taken > 0 ? ImportedFile.Present : ImportedFile.NotAccepted;
            progress?.Report(new(done, total, $"{result.Folder} ({result.Taken} of {result.Files} modules)", outcome));
        }

        return new(added, present, [.. rejected.OrderBy(r => r.Path, StringComparer.Ordinal)])
        {
            Modules = modules,
            Skipped = tree.Skipped,
            Notes = [.. notes.OrderBy(n => n.Path, StringComparer.Ordinal)],
        };
    }

    private async Task<ImportedFile> ImportFileAsync(
        string path, Dictionary<string, (FileStamp Stamp, Kernel Kernel)> known, CancellationToken ct)
    {
        var byPath = BtfHubPath.Describe(path);
        try
        {
            // Follows a link, because size and time are those of the file.
            var info = new FileInfo(path) is { LinkTarget: not null } link
                ? (FileInfo)link.ResolveLinkTarget(returnFinalTarget: true)!
                : new FileInfo(path);
            var stamp = new FileStamp(info.Length, info.LastWriteTimeUtc.Ticks);
            if (byPath is not null && known.TryGetValue(IdOf(byPath), out var there)
                && there.Stamp == stamp && await _store.HasBtfOfAsync(there.Kernel, ct))
                return new(ImportedFile.Present, null, []);
            if (stamp.SizeBytes == 0) // reading a pipe or device could block forever
                return ImportedFile.Rejected(path, Rejected.UnrecognisedKernelFile, "the file is empty");
            var maxBytes = BtfHubPath.IsCandidate(path) ? Math.Min(_maxBtfBytes, Array.MaxLength) : Array.MaxLength;
            if (stamp.SizeBytes > maxBytes)
                return ImportedFile.Rejected(
                    path, Rejected.UnrecognisedKernelFile, $"the file has {stamp.SizeBytes} bytes, at most {maxBytes} are accepted");
            using var file = FileBytes.Read(info.FullName, stamp.SizeBytes);
            var described = byPath ?? BtfHubPath.DescribeName(path);
            return ImportedFile.Of(
                await _store.AddAsync(file.Memory, described, "import", replace: false, stamp, ct), path, byPath is not null);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return ImportedFile.Rejected(path, "unreadable-file", e.Message);
        }
    }

    private static string IdOf(KernelDescription described) => KernelName.Id(
        KernelName.Distro(described.Distro!), KernelName.Version(described.Version!), KernelName.Arch(described.Arch!),
            KernelName.Release(described.Release!));

    private async Task<Dictionary<string, (FileStamp Stamp, Kernel Kernel)>> KnownAsync(CancellationToken ct)
    {
        await using var db = await _contexts.CreateDbContextAsync(ct);
        return await db.Kernels.AsNoTracking().Where(k => k.FileSizeBytes != null && k.FileModifiedAt != null)
            .ToDictionaryAsync(k => k.Id, k => (new FileStamp(k.FileSizeBytes!.Value, k.FileModifiedAt!.Value), k.ToKernel()), ct);
    }
}
