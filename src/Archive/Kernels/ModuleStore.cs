using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Logging;
using Relo.Archive.Blobs;
using Relo.Archive.Import;
using Relo.Archive.Index;
using Relo.Archive.Opened;
using Relo.Core.Btf;
using Relo.Core.Bytes;
using Relo.Core.Relocation;

namespace Relo.Archive.Kernels;

/// <summary>Adds modules to their kernels. A module's split BTF is only valid with the base BTF it was built for.</summary>
internal sealed class ModuleStore(
    ArchiveBlobs blobs, ArchiveWriter writer, KernelIndex index, BtfCache cache, UnusedBtf unused, TimeProvider clock,
    ILogger<ModuleStore> log)
{
    public async Task<AddOutcome> AddAsync(KernelFile module, KernelDescription given, bool replace, CancellationToken ct)
    {
        if (NameOf(module, given, out var name) is { } badName) return badName;
        if (BasesOf(module, given, name, out var bases) is { } noBase) return noBase;
        List<NamedBtf> parts;
        using (var lease = cache.OpenWithModules(bases[0]))
        {
            if (lease is null) return Gone(bases[0]);
            if (Check(module, name, lease.Kernel, bases[0], out parts) is { } broken) return broken;
        }

        return await WriteAsync(bases, parts, replace, ct);
    }

    /// <summary>Adds the modules of a package without a kernel. The archive must already have their kernel.</summary>
    public async Task<AddOutcome> AddPackageAsync(KernelFile package, KernelDescription given, bool replace, CancellationToken ct)
    {
        var what = $"{package.Modules.Count} modules ({package.Container})";
        if (BasesOf(package, given, what, out var bases) is not { } noBase) return await AddAllAsync(bases, package, replace, ct);
        // If several kernels have this release, the package's own distribution decides.
        return noBase.Code == Rejected.KernelAmbiguous && package.Distro is { } distro && given.Distro is null
            && BasesOf(package, given with { Distro = distro }, what, out bases) is null
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
        List<(string Name, KernelFile File)> files = [.. package.Modules.Select(m => (m.Module!.Replace('-', '_'), m))];
        if (!package.Inline.IsEmpty) files.Add((InlineSites.Kernel, package));
        var checks = new Rejected?[files.Count];
        var parts = new List<NamedBtf>[files.Count];
        using (var lease = cache.OpenWithModules(bases[0]))
        {
            if (lease is null) return Gone(bases[0]);
            var parallel = new ParallelOptions { CancellationToken = ct, MaxDegreeOfParallelism = Environment.ProcessorCount };
            Parallel.For(0, checks.Length, parallel, i => checks[i] = Check(files[i].File, files[i].Name, lease.Kernel, bases[0], out parts[i]));
        }

        var sound = parts.SelectMany(p => p).DistinctBy(m => m.Name).ToList();
        List<string> notes = [.. package.ModuleFaults];
        if (checks.Where(c => c is not null).ToList() is [{ } first, ..] broken)
            notes.Add($"{broken.Count} modules have BTF that does not fit the kernel's; the first: {first.Detail}");
        if (notes.Count > 0) log.LogWarning("{Kernel}: {Count} modules added; {Notes}", bases[0].Id, sound.Count, string.Join("; ", notes));
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

    // File names of modules may have '-' (xt-LOG.ko); the kernel uses '_'.
    private static Rejected? NameOf(KernelFile module, KernelDescription given, out string name)
    {
        var said = string.IsNullOrWhiteSpace(given.Module) ? null : given.Module.Trim().Replace('-', '_');
        var own = module.Module?.Replace('-', '_');
        name = said ?? own!;
        if (own is not null && name != own)
            return new(Rejected.InvalidKernel, $"module '{name}' was given, but the file is module '{own}'");
        if (name == InlineSites.Kernel)
        {
            var sites = InlineSites.NameOf(name);
            return new(
                Rejected.InvalidKernel,
                $"'{name}' is the kernel itself; send it without 'module', or its inline sites as module '{sites}'");
        }

        return KernelName.Fault("module", name) is { } fault ? new(Rejected.InvalidKernel, fault) : null;
    }

    /// <summary>The kernels of the module's release; several only if they have the same BTF, as one kernel under several names.</summary>
    private Rejected? BasesOf(KernelFile module, KernelDescription given, string name, out List<Kernel> bases)
    {
        bases = [];
        if (Given(given.Release, KernelName.Release) is not { } release && (release = module.Release) is null)
            return new(
                Rejected.InvalidKernel,
                $"'release' is missing: {module.Container} does not say which kernel {name} is a module of; expected what uname -r prints");
        var arch = Given(given.Arch, KernelName.Arch) ?? module.Arch;
        var distro = Given(given.Distro, KernelName.Distro);
        var version = Given(given.Version, KernelName.Version);
        bases =
        [
            .. index.Current.WithRelease(release)
                .Where(k => (arch ?? k.Arch) == k.Arch && (distro ?? k.Distro) == k.Distro && (version ?? k.Version) == k.Version),
        ];
        if (bases.Count == 0)
        {
            var wanted = string.Join(' ', new[] { distro, version, arch, release }.OfType<string>());
            return new(
                Rejected.KernelNotFound,
                $"{name} is a module of kernel {wanted}, which is not in the archive; add that kernel first, because the module's BTF "
                    + "is split from its BTF");
        }

        var first = bases[0];
        return bases.TrueForAll(k => k.Btf == first.Btf)
            ? null
            : new(
                Rejected.KernelAmbiguous,
                $"{name} may be a module of any of {string.Join(", ", bases.Select(k => k.Id))}, which have different BTF; narrow by "
                    + "arch, distro, version");
    }

    private static Rejected Gone(Kernel kernel) =>
        new(Rejected.KernelNotFound, $"the kernel's BTF {kernel.Btf} was deleted meanwhile; add the kernel again");

    private static Rejected? Check(KernelFile module, string name, KernelTypes kernel, Kernel row, out List<NamedBtf> parts)
    {
        parts = [];
        if (module.Module is null && !module.Btf.IsEmpty && name != InlineSites.Kernel && StandsAlone(module.Btf))
            return new(
                Rejected.InvalidBtf,
                $"the BTF ({module.Container}) stands on its own, so it is a whole kernel's; expected split BTF of a module",
                ".BTF",
                0);
        try
        {
            if (InlineSites.BaseOf(name) is not { } inlinedIn)
            {
                parts = ModuleParts.Of(module, name, kernel.Own);
                return null;
            }

            var on = inlinedIn == InlineSites.Kernel ? kernel.Own : kernel.Modules.FirstOrDefault(m => m.Name == inlinedIn)?.Types;
            if (on is null)
                return new(
                    Rejected.InvalidKernel,
                    $"'{name}' has the inline sites of module {inlinedIn}, which {row.Id} does not have; add that module first");
            ModuleParts.Read(module.Btf, on);
            parts = [new(name, module.Btf)];
            return null;
        }
        catch (MalformedObjectException e)
        {
            return new(Rejected.InvalidBtf, $"{e.Message} (read as split BTF on kernel BTF {row.Btf})", e.Section, e.Offset);
        }
    }

    // Split BTF continues the ids and string offsets of its base, so it cannot be read alone. Whole BTF read as split would be accepted,
    // but wrong.
    private static bool StandsAlone(ReadOnlyMemory<byte> btf)
    {
        try
        {
            return BtfReader.Read(btf).Count > 1;
        }
        catch (MalformedObjectException)
        {
            return false;
        }
    }

    private async Task<AddOutcome> WriteAsync(List<Kernel> bases, List<NamedBtf> modules, bool replace, CancellationToken ct)
    {
        // Before the write transaction, because other writers wait for it.
        var digests = await blobs.Btf.PutAllAsync(modules.ConvertAll(m => m.Btf), ct);
        List<string> replaced = [];
        List<Kernel> changed = [];
        var outcome = await writer.WriteAsync<AddOutcome>(
            async db =>
            {
                var ids = bases.ConvertAll(k => k.Id);
                var hex = bases[0].Btf.Hex;
                var rows = await db.Kernels.Include(k => k.Modules)
                    .Where(k => ids.Contains(k.Id) && k.Btf == hex).OrderBy(k => k.Id).ToListAsync(CancellationToken.None);
                if (rows.Count == 0)
                    return new Rejected(Rejected.KernelNotFound, $"{bases[0].Id} was deleted meanwhile; add the kernel again");
                // A deletion may have removed blobs since; from here on, deletions wait for this transaction.
                for (var i = 0; i < digests.Length; i++)
                    if (!await blobs.Btf.HasAsync(digests[i], CancellationToken.None))
                        await blobs.Btf.PutAsync(digests[i], modules[i].Btf, CancellationToken.None);
                var now = clock.GetUtcNow().UtcTicks;
                var incoming = modules.Select((m, i) => new ModuleRow
                {
                    KernelId = "",
                    Name = m.Name,
                    Btf = digests[i].Hex,
                    BtfSizeBytes = m.Btf.Length,
                    AddedAt = now,
                }).ToList();
                if (!replace && FindOther(rows, incoming) is var (other, module)) return new Conflict(other.ToKernel(), module);
                var isNew = rows.Aggregate(false, (any, row) => Merge(row, incoming, replaced) || any);
                changed = rows.ConvertAll(k => k.ToKernel());
                return isNew ? new Added(changed[0]) : new AlreadyThere(changed[0]);
            },
            _ =>
            {
                foreach (var digest in digests) index.Mark(digest, isDamaged: false);
                changed.ForEach(index.Put);
            },
            ct);
        if (outcome is Conflict or Rejected) await unused.DropAsync([.. digests.Select(d => d.Hex)]);
        await unused.DropAsync(replaced);
        if (outcome is Added)
        {
            var hashes =
                modules.Where(m => InlineSites.BaseOf(m.Name) is null).ToDictionary(m => m.Name, m => m.NameHashes, StringComparer.Ordinal);
            changed.ForEach(kernel => cache.PutModuleNames(kernel, hashes));
        }

        if (outcome is Added)
            log.LogInformation("{Count} modules added to {Kernel}, the first is {Module}", modules.Count, bases[0].Id, modules[0].Name);
        return outcome;
    }

    private static (KernelRow Kernel, string Module)? FindOther(List<KernelRow> rows, List<ModuleRow> incoming)
    {
        var wanted = incoming.ToDictionary(m => m.Name, m => m.Btf, StringComparer.Ordinal);
        foreach (var row in rows)
            if (row.Modules.Find(m => wanted.TryGetValue(m.Name, out var btf) && btf != m.Btf) is { } other) return (row, other.Name);
        return null;
    }

    /// <returns>Whether anything changed.</returns>
    private static bool Merge(KernelRow kernel, List<ModuleRow> incoming, List<string> replaced)
    {
        var there = kernel.Modules.ToDictionary(m => m.Name, StringComparer.Ordinal);
        var isNew = false;
        foreach (var module in incoming)
        {
            if (!there.TryGetValue(module.Name, out var own))
            {
                kernel.Modules.Add(new()
                {
                    KernelId = kernel.Id,
                    Name = module.Name,
                    Btf = module.Btf,
                    BtfSizeBytes = module.BtfSizeBytes,
                    AddedAt = module.AddedAt,
                });
            }
            else if (own.Btf != module.Btf)
            {
                replaced.Add(own.Btf);
                // Inline sites are split from the old BTF, so they are invalid with the new one.
                if (there.GetValueOrDefault(InlineSites.NameOf(module.Name)) is { } stale && kernel.Modules.Remove(stale))
                {
                    replaced.Add(stale.Btf);
                    there.Remove(stale.Name);
                }

                (own.Btf, own.BtfSizeBytes, own.AddedAt) = (module.Btf, module.BtfSizeBytes, module.AddedAt);
            }
            else
            {
                continue;
            }

            isNew = true;
        }

        return isNew;
    }

    private static string? Given(string? text, Func<string, string> normalise) => string.IsNullOrWhiteSpace(text) ? null : normalise(text);
}
