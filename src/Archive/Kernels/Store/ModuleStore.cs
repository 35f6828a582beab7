using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Logging;
using Relo.Archive.Blobs;
using Relo.Archive.Index;
using Relo.Archive.KernelFiles;
using Relo.Archive.Opened;

namespace Relo.Archive.Kernels.Store;

/// <summary>Adds modules to their kernels. A module's split BTF is only valid with the base BTF it was built for.</summary>
internal sealed class ModuleStore(
    ArchiveBlobs blobs, ArchiveWriter writer, KernelIndex index, ModuleTarget targets, BtfCache cache, UnusedBtf unused, TimeProvider clock,
    ILogger<ModuleStore> log)
{
    public async Task<AddOutcome> AddAsync(KernelFile module, KernelDescription given, bool replace, CancellationToken ct)
    {
        if (ModuleTarget.NameOf(module, given, out var name) is { } badName) return badName;
        if (targets.KernelsOf(module, given, name, out var bases) is { } noBase) return noBase;
        List<NamedBtf> parts;
        using (var lease = cache.OpenWithModules(bases[0]))
        {
            if (lease is null) return Gone(bases[0]);
            if (ModuleCheck.Check(module, name, lease.Kernel, bases[0], out parts) is { } broken) return broken;
        }

        return await WriteAsync(bases, parts, replace, ct);
    }

    /// <summary>Adds the modules of a package without a kernel. The archive must already have their kernel.</summary>
    public async Task<AddOutcome> AddPackageAsync(KernelFile package, KernelDescription given, bool replace, CancellationToken ct)
    {
        var what = $"{package.Modules.Count} modules ({package.Container})";
        if (targets.KernelsOf(package, given, what, out var bases) is not { } noBase) return await AddAllAsync(bases, package, replace, ct);
        // If several kernels have this release, the package's own distribution decides.
        return noBase.Code == Rejected.KernelAmbiguous && package.Distro is { } distro && given.Distro is null
            && targets.KernelsOf(package, given with { Distro = distro }, what, out bases) is null
            ? await AddAllAsync(bases, package, replace, ct)
            : noBase;
    }

    /// <summary>Adds the modules and inline sites of a kernel. Invalid ones are skipped and listed in the outcome's notes.</summary>
    /// <param name="bases">The kernel under all its names.</param>
    /// <param name="package">The package that contains the modules.</param>
    /// <param name="replace">Whether to replace other BTF of a module.</param>
    /// <param name="ct">Cancels before they are written.</param>
    public async Task<AddOutcome> AddAllAsync(List<Kernel> bases, KernelFile package, bool replace, CancellationToken ct)
    {
        if (Check(bases[0], package, ct) is not var (sound, notes)) return Gone(bases[0]);
        if (sound.Count == 0)
            return package.Btf.IsEmpty
                ? new Rejected(Rejected.InvalidBtf, string.Join("; ", notes))
                : new AlreadyThere(bases[0]) { Notes = notes };
        return await WriteAsync(bases, sound, replace, ct) switch
        {
            Added added => added with { Notes = notes },
            AlreadyThere there => there with { Notes = notes },
            var other => other,
        };
    }

    /// <summary>
    /// Checks the modules and inline sites of a kernel that is about to be added with them, and stores their BTF. Invalid ones are skipped.
    /// </summary>
    /// <returns>The valid ones, and notes about the others; null if the kernel's BTF was deleted meanwhile.</returns>
    public async Task<(CheckedModules Modules, List<string> Notes)?> CheckAsync(Kernel kernel, KernelFile package, CancellationToken ct) =>
        Check(kernel, package, ct) is var (sound, notes) ? (await CheckedModules.StoreAsync(sound, blobs.Btf, ct), notes) : null;

    /// <summary>Call it after a kernel was added together with its modules.</summary>
    public void AddedWith(Kernel kernel, CheckedModules modules)
    {
        foreach (var digest in modules.Digests) index.Mark(digest, isDamaged: false);
        cache.PutModuleNames(kernel, modules.NameHashes());
    }

    private (List<NamedBtf> Sound, List<string> Notes)? Check(Kernel kernel, KernelFile package, CancellationToken ct)
    {
        List<(string Name, KernelFile File)> files = [.. package.Modules.Select(m => (m.Module!.Replace('-', '_'), m))];
        if (!package.Inline.IsEmpty) files.Add((InlineSites.Kernel, package));
        var checks = new Rejected?[files.Count];
        var parts = new List<NamedBtf>[files.Count];
        using (var lease = cache.OpenWithModules(kernel))
        {
            if (lease is null) return null;
            var parallel = new ParallelOptions { CancellationToken = ct, MaxDegreeOfParallelism = Environment.ProcessorCount };
            Parallel.For(
                0, checks.Length, parallel,
                i => checks[i] = ModuleCheck.Check(files[i].File, files[i].Name, lease.Kernel, kernel, out parts[i]));
        }

        var sound = parts.SelectMany(p => p).DistinctBy(m => m.Name).ToList();
        List<string> notes = [.. package.ModuleFaults];
        if (checks.Where(c => c is not null).ToList() is [{ } first, ..] broken)
            notes.Add($"{broken.Count} modules have BTF that does not fit the kernel's; the first: {first.Detail}");
        if (notes.Count > 0) log.LogWarning("{Kernel}: {Count} modules added; {Notes}", kernel.Id, sound.Count, string.Join("; ", notes));
        return (sound, notes);
    }

    private static Rejected Gone(Kernel kernel) =>
        new(Rejected.KernelNotFound, $"the kernel's BTF {kernel.Btf} was deleted meanwhile; add the kernel again");

    private async Task<AddOutcome> WriteAsync(List<Kernel> bases, List<NamedBtf> modules, bool replace, CancellationToken ct)
    {
        var stored = await CheckedModules.StoreAsync(modules, blobs.Btf, ct);
        var (outcome, changed, replaced) = await writer.WriteAsync(
            db => PutRowsAsync(db, bases, stored, replace),
            written =>
            {
                foreach (var digest in stored.Digests) index.Mark(digest, isDamaged: false);
                written.Changed.ForEach(index.Put);
            },
            ct);
        if (outcome is Conflict or Rejected) await unused.DropAsync([.. stored.Digests.Select(d => d.Hex)]);
        await unused.DropAsync(replaced);
        if (outcome is not Added) return outcome;
        var hashes = stored.NameHashes();
        changed.ForEach(kernel => cache.PutModuleNames(kernel, hashes));
        log.LogInformation("{Count} modules added to {Kernel}, the first is {Module}", modules.Count, bases[0].Id, modules[0].Name);
        return outcome;
    }

    /// <returns>The outcome, the kernels with their new modules, and the BTF that was replaced.</returns>
    private async Task<(AddOutcome Outcome, List<Kernel> Changed, List<string> Replaced)> PutRowsAsync(
        ArchiveDb db, List<Kernel> bases, CheckedModules modules, bool replace)
    {
        var ids = bases.ConvertAll(k => k.Id);
        var hex = bases[0].Btf.Hex;
        var rows = await db.Kernels.Include(k => k.Modules)
            .Where(k => ids.Contains(k.Id) && k.Btf == hex).OrderBy(k => k.Id).ToListAsync(CancellationToken.None);
        if (rows.Count == 0)
            return (new Rejected(Rejected.KernelNotFound, $"{bases[0].Id} was deleted meanwhile; add the kernel again"), [], []);
        await modules.StoreMissingAsync(blobs.Btf);
        var incoming = modules.RowsAt(clock.GetUtcNow());
        if (!replace && ModuleRows.FindOther(rows, incoming) is var (other, module))
            return (new Conflict(other.ToKernel(), module), [], []);
        List<string> replaced = [];
        var isNew = rows.Aggregate(false, (any, row) => ModuleRows.Merge(row, incoming, replaced) || any);
        var changed = rows.ConvertAll(k => k.ToKernel());
        return (isNew ? new Added(changed[0]) : new AlreadyThere(changed[0]), changed, replaced);
    }
}
