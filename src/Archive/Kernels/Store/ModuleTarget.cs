using Relo.Archive.Index;
using Relo.Archive.KernelFiles;
using Relo.Archive.Naming;

namespace Relo.Archive.Kernels.Store;

/// <summary>Decides which module a file is, and of which kernels.</summary>
internal sealed class ModuleTarget(KernelIndex index)
{
    /// <summary>The module's name. File names of modules may have '-' (xt-LOG.ko); the kernel uses '_'.</summary>
    public static Rejected? NameOf(KernelFile module, KernelDescription given, out string name)
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
    public Rejected? KernelsOf(KernelFile module, KernelDescription given, string name, out List<Kernel> bases)
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

    private static string? Given(string? text, Func<string, string> normalise) => string.IsNullOrWhiteSpace(text) ? null : normalise(text);
}
