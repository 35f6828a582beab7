using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Logging;
using Relo.Archive.Blobs;
using Relo.Archive.Import;
using Relo.Archive.Index;
using Relo.Core.Btf;
using Relo.Core.Bytes;

namespace Relo.Archive;

/// <summary>Adds modules to the kernels they are of. A module's split BTF means nothing without the very BTF it was made on.</summary>
internal sealed class ModuleStore(ArchiveFolders folders, ArchiveWriter writer, KernelIndex index, BtfCache cache, UnusedBtf unused, TimeProvider clock, ILogger<ModuleStore> log)
{
    public async Task<AddOutcome> AddAsync(KernelFile module, KernelDescription given, bool replace, CancellationToken ct)
    {
        if (NameOf(module, given, out var name) is { } badName) return badName;
        if (BasesOf(module, given, name, out var bases) is { } noBase) return noBase;
        if (Check(module, bases[0].Btf) is { } broken) return broken;
        var row = new ModuleRow { KernelId = "", Name = name, Btf = Digest.Of(module.Btf.Span).Hex, BtfSizeBytes = module.Btf.Length, AddedAt = clock.GetUtcNow().UtcTicks };
        folders.Btf.Put(Digest.Parse(row.Btf), module.Btf.Span);
        return await WriteAsync(bases, row, module.Btf, replace, ct);
    }

    // The file of a module may be called xt-LOG.ko; the kernel's own names have '_' for '-'.
    private static Rejected? NameOf(KernelFile module, KernelDescription given, out string name)
    {
        var said = string.IsNullOrWhiteSpace(given.Module) ? null : given.Module.Trim().Replace('-', '_');
        var own = module.Module?.Replace('-', '_');
        name = said ?? own!;
        if (own is not null && name != own) return new(Rejected.InvalidKernel, $"module '{name}' was given, but the file is module '{own}'");
        return KernelName.Fault("module", name) is { } fault ? new(Rejected.InvalidKernel, fault) : null;
    }

    /// <summary>The kernels of the module's release; several only where they have the same BTF, as one kernel under several names has.</summary>
    private Rejected? BasesOf(KernelFile module, KernelDescription given, string name, out List<Kernel> bases)
    {
        bases = [];
        if (Given(given.Release, KernelName.Release) is not { } release && (release = module.Release) is null)
            return new(Rejected.InvalidKernel, $"'release' is missing: {module.Container} does not tell of which kernel {name} is a module; expected what uname -r prints");
        string? arch = Given(given.Arch, KernelName.Arch) ?? module.Arch, distro = Given(given.Distro, KernelName.Distro), version = Given(given.Version, KernelName.Version);
        bases = [.. index.Current.WithRelease(release).Where(k => (arch ?? k.Arch) == k.Arch && (distro ?? k.Distro) == k.Distro && (version ?? k.Version) == k.Version)];
        if (bases.Count == 0)
        {
            var wanted = string.Join(' ', new[] { distro, version, arch, release }.OfType<string>());
            return new(Rejected.KernelNotFound, $"{name} is a module of kernel {wanted}, which is not in the archive; add that kernel first, because the module's BTF stands on its BTF");
        }

        var first = bases[0];
        return bases.TrueForAll(k => k.Btf == first.Btf)
            ? null
            : new(Rejected.KernelAmbiguous, $"{name} may be a module of any of {string.Join(", ", bases.Select(k => k.Id))}, which have different BTF; narrow by arch, distro, version");
    }

    private Rejected? Check(KernelFile module, Digest kernel)
    {
        using var lease = cache.Open(kernel);
        if (lease is null) return new(Rejected.KernelNotFound, $"the kernel's BTF {kernel} left the archive meanwhile; add the kernel again");
        if (module.Module is null && StandsAlone(module.Btf))
            return new(Rejected.InvalidBtf, $"the BTF ({module.Container}) stands on its own, so it is a whole kernel's; expected split BTF of a module", ".BTF", 0);
        try
        {
            return BtfReader.Read(module.Btf, lease.Types).Count > lease.Types.Count ? null : new(Rejected.InvalidBtf, "the module's BTF holds no types of its own", ".BTF", 0);
        }
        catch (MalformedObjectException e)
        {
            return new(Rejected.InvalidBtf, $"{e.Message} (read as split BTF on kernel BTF {kernel})", e.Section, e.Offset);
        }
    }

    // Ids and names of split BTF count on from the base's, so that alone they lead nowhere; a whole BTF read as split would be sound and mean nonsense.
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

    private async Task<AddOutcome> WriteAsync(List<Kernel> bases, ModuleRow module, ReadOnlyMemory<byte> btf, bool replace, CancellationToken ct)
    {
        var digest = Digest.Parse(module.Btf);
        List<string> replaced = [];
        List<Kernel> changed = [];
        var outcome = await writer.WriteAsync<AddOutcome>(
            async db =>
            {
                // A deletion may have swept the blob since it was put; from here on it cannot.
                if (!folders.Btf.Has(digest)) folders.Btf.Put(digest, btf.Span);
                var ids = bases.ConvertAll(k => k.Id);
                var hex = bases[0].Btf.Hex;
                var rows = await db.Kernels.Include(k => k.Modules).Where(k => ids.Contains(k.Id) && k.Btf == hex).OrderBy(k => k.Id).ToListAsync(CancellationToken.None);
                if (rows.Count == 0) return new Rejected(Rejected.KernelNotFound, $"{bases[0].Id} left the archive meanwhile; add the kernel again");
                if (!replace && rows.Find(k => k.Modules.Exists(m => m.Name == module.Name && m.Btf != module.Btf)) is { } other) return new Conflict(other.ToKernel(), module.Name);
                var isNew = false;
                foreach (var row in rows)
                {
                    if (row.Modules.Find(m => m.Name == module.Name) is not { } there)
                    {
                        row.Modules.Add(new() { KernelId = row.Id, Name = module.Name, Btf = module.Btf, BtfSizeBytes = module.BtfSizeBytes, AddedAt = module.AddedAt });
                    }
                    else if (there.Btf != module.Btf)
                    {
                        replaced.Add(there.Btf);
                        (there.Btf, there.BtfSizeBytes, there.AddedAt) = (module.Btf, module.BtfSizeBytes, module.AddedAt);
                    }
                    else
                    {
                        continue;
                    }

                    isNew = true;
                }

                changed = rows.ConvertAll(k => k.ToKernel());
                return isNew ? new Added(changed[0]) : new AlreadyThere(changed[0]);
            },
            _ =>
            {
                index.Mark(digest, isDamaged: false);
                changed.ForEach(index.Put);
            },
            ct);
        if (outcome is Conflict or Rejected) await unused.DropAsync([module.Btf]); // what was put for nothing
        await unused.DropAsync(replaced);
        if (outcome is Added) log.LogInformation("Module {Module} added to {Kernel} with BTF {Btf}", module.Name, bases[0].Id, digest);
        return outcome;
    }

    private static string? Given(string? text, Func<string, string> normalise) => string.IsNullOrWhiteSpace(text) ? null : normalise(text);
}
