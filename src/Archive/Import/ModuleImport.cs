using System.Collections.Concurrent;
using Relo.Archive.KernelFiles;
using Relo.Archive.Kernels;
using Relo.Archive.Kernels.Store;

namespace Relo.Archive.Import;

/// <summary>
/// Imports the modules of a folder tree: each folder <c>lib/modules/&lt;release&gt;</c>, or any other that holds modules, in one step.
/// </summary>
internal sealed class ModuleImport(KernelStore store, KernelFileReading reading)
{
    private const int MaxRejected = 5;

    /// <summary>The result for the modules of a folder.</summary>
    /// <param name="Folder">The folder.</param>
    /// <param name="Files">Number of files.</param>
    /// <param name="Taken">Number of files that are in the archive now.</param>
    /// <param name="IsNew">Whether one of them is new.</param>
    /// <param name="Rejected">Rejected files.</param>
    public sealed record Result(string Folder, int Files, int Taken, bool IsNew, IReadOnlyList<RejectedFile> Rejected);

    public static IEnumerable<IGrouping<string, string>> Folders(IEnumerable<string> modules) =>
        modules.GroupBy(FolderOf, StringComparer.Ordinal);

    public async Task<Result> AddAsync(IGrouping<string, string> folder, CancellationToken ct)
    {
        var files = folder.ToList();
        var (modules, rejected) = await ReadAsync(files, ct);
        var (taken, isNew) = (0, false);
        foreach (var kernel in modules.GroupBy(module => (module.Release, module.Arch)))
        {
            var package = new KernelFile(default, "modules")
            {
                Release = kernel.Key.Release,
                Arch = kernel.Key.Arch,
                Modules = [.. kernel.DistinctBy(module => module.Module)],
            };
            var outcome = await store.AddModulesAsync(package, ct);
            if (outcome is Added or AlreadyThere) taken += package.Modules.Count;
            isNew |= outcome is Added;
            rejected.AddRange(FaultsOf(outcome).Select(fault => new RejectedFile(folder.Key, fault.Code, fault.Reason)));
        }

        return new(folder.Key, files.Count, taken, isNew, Few(folder.Key, [.. rejected.OrderBy(r => r.Path, StringComparer.Ordinal)]));
    }

    /// <summary>The modules in the order of their paths, and the files that are none.</summary>
    private async Task<(IEnumerable<KernelFile> Modules, List<RejectedFile> Rejected)> ReadAsync(List<string> files, CancellationToken ct)
    {
        var read = new ConcurrentBag<(string Path, KernelFile Module)>();
        var rejected = new ConcurrentBag<RejectedFile>();
        var parallel = new ParallelOptions { CancellationToken = ct, MaxDegreeOfParallelism = Environment.ProcessorCount };
        await Parallel.ForEachAsync(files, parallel, async (path, token) =>
        {
            try
            {
                var file = await reading.ReadAsync(await File.ReadAllBytesAsync(path, token), keepsModules: true, token);
                if (file.Module is null)
                    rejected.Add(new(path, Rejected.InvalidKernel, $"the file has the name of a module, but is {file.Container}"));
                // Detached, so that the bytes of the whole file can be collected.
                else read.Add((path, file.Detached()));
            }
            catch (KernelFileException e)
            {
                rejected.Add(new(path, e.Code, e.Message));
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                rejected.Add(new(path, "unreadable-file", e.Message));
            }
        });
        return (read.OrderBy(r => r.Path, StringComparer.Ordinal).Select(r => r.Module), [.. rejected]);
    }

    private static IEnumerable<(string Code, string Reason)> FaultsOf(AddOutcome outcome) => outcome switch
    {
        Added added => added.Notes.Select(note => (Rejected.InvalidBtf, note)),
        AlreadyThere there => there.Notes.Select(note => (Rejected.InvalidBtf, note)),
        Conflict conflict =>
        [
            ("kernel-conflict",
                $"{conflict.Existing.Id} is in the archive with different BTF of its module {conflict.Module}; delete that kernel first"),
        ],
        Rejected refused => [(refused.Code, refused.Detail)],
        _ => throw new InvalidOperationException($"unknown outcome {outcome.GetType().Name}"),
    };

    // Thousands of modules without BTF need only one line.
    private static List<RejectedFile> Few(string folder, List<RejectedFile> all) => all.Count <= MaxRejected
        ? all
        :
        [
            .. all.Take(MaxRejected),
            new(
                folder,
                all[MaxRejected].Code,
                $"{all.Count - MaxRejected} more modules were rejected; the first: {all[MaxRejected].Reason}"),
        ];

    private static string FolderOf(string path)
    {
        const string modules = "/lib/modules/";
        var folder = Path.GetDirectoryName(path)!;
        var at = folder.LastIndexOf(modules, StringComparison.Ordinal);
        if (at < 0) return folder;
        var end = folder.IndexOf('/', at + modules.Length);
        return end < 0 ? folder : folder[..end];
    }
}
