using Microsoft.Extensions.Options;
using Relo.Archive.KernelFiles;
using Relo.Archive.Kernels;
using Relo.Archive.Kernels.Store;
using Relo.Archive.PackedArchive;
using Relo.Archive.Settings;

namespace Relo.Archive.Import;

/// <summary>Imports a packed archive, which <see cref="Export.PackedExporter"/> wrote. It can be repeated.</summary>
internal sealed class PackedImporter(KernelStore store, IOptions<ArchiveOptions> options)
{
    private const int HeadBytes = 64;

    /// <summary>Whether the file is a packed archive; false if it cannot be read, which importing it as another file reports.</summary>
    public static bool Recognises(string path)
    {
        if (!File.Exists(path)) return false;
        try
        {
            using var file = File.OpenHandle(path);
            var head = new byte[HeadBytes];
            return PackedHead.Recognises(head.AsSpan(0, RandomAccess.Read(file, head, 0)));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }

    /// <summary>Adds its kernels one after another. One that is damaged, and those that depend on it, are rejected.</summary>
    /// <param name="path">The packed archive.</param>
    /// <param name="progress">Receives each kernel.</param>
    /// <param name="ct">Stops the import; kernels added so far are kept.</param>
    public async Task<ImportSummary> ImportAsync(string path, IProgress<ImportProgress>? progress, CancellationToken ct)
    {
        List<RejectedFile> rejected = [];
        List<SkippedFile> notes = [];
        int added = 0, present = 0, done = 0, modules = 0;
        try
        {
            await using var file = File.OpenRead(path);
            var reader = new PackedReader(file, options.Value.BtfBytes, ct);
            var unpacker = new Unpacker(options.Value.BtfBytes);
            var total = reader.Head().Kernels;
            for (; reader.Kernel() is { } entry; done++)
            {
                var id = $"{entry.Kernel.Distro}/{entry.Kernel.Version}/{entry.Kernel.Arch}/{entry.Kernel.Release}";
                var result = await AddAsync(unpacker, entry, $"{path}: {id}", ct);
                if (result.Fault is { } fault) rejected.Add(fault);
                else modules += entry.Kernel.Modules.Count(module => InlineSites.BaseOf(module.Name) is null);
                foreach (var note in result.Notes) notes.Add(new(id, note));
                if (result.Outcome == ImportedFile.Added) added++;
                else if (result.Outcome == ImportedFile.Present) present++;
                progress?.Report(new(done + 1, total, id, result.Outcome));
            }

            if (done != total) throw new KernelFileException($"the packed archive has {done} kernels, its head says {total}");
        }
        catch (KernelFileException e)
        {
            rejected.Add(new(path, e.Code, $"after {done} kernels: {e.Message}"));
        }
        catch (IOException e)
        {
            rejected.Add(new(path, "unreadable-file", $"after {done} kernels: {e.Message}"));
        }

        return new(added, present, rejected) { Modules = modules, Notes = notes };
    }

    private async Task<ImportedFile> AddAsync(
        Unpacker unpacker, (PackedKernel Kernel, byte[] Btf, byte[] Modules) entry, string path, CancellationToken ct)
    {
        try
        {
            var (packed, btf) = (entry.Kernel, unpacker.Btf(entry.Kernel, entry.Btf));
            var modules = packed.Modules.Count == 0 ? [] : unpacker.Modules(packed, entry.Modules);
            var inline = modules.ToDictionary(m => m.Module.Name, m => m.Btf, StringComparer.Ordinal);
            var kernel = new KernelFile(btf, "packed archive")
            {
                BuildId = packed.BuildId,
                Banner = packed.Banner,
                Inline = inline.GetValueOrDefault(InlineSites.NameOf(InlineSites.Kernel)),
                Modules = [.. modules.Where(m => InlineSites.BaseOf(m.Module.Name) is null).Select(m =>
                    new KernelFile(m.Btf, "packed archive")
                    {
                        Module = m.Module.Name,
                        Inline = inline.GetValueOrDefault(InlineSites.NameOf(m.Module.Name)),
                    })],
            };
            var named = new KernelDescription(packed.Distro, packed.Version, packed.Arch, packed.Release);
            return ImportedFile.Of(
                await store.AddAsync(kernel, named, "import", replace: false, stamp: null, ct), path, isNamedByPath: true);
        }
        catch (KernelFileException e)
        {
            return ImportedFile.Rejected(path, e.Code, e.Message);
        }
    }
}
