using Relo.Archive.Kernels.Store;
using Relo.Archive.Naming;

namespace Relo.Archive.Upstream.Packages;

/// <summary>A repository of packages: finds and lists the kernels of its index.</summary>
internal sealed class RepositorySource(
    string name, RepositorySettings settings, IPackageIndex index, SourceClient client, KernelFileReading reading)
    : IKernelSource, IDisposable
{
    private readonly SemaphoreSlim _turn = new(1); // so that concurrent requests download an index once
    private readonly Dictionary<string, (long At, SourceList List)> _lists = new(StringComparer.Ordinal);

    public string Name => name;

    public string Title => $"the source {name}";

    public string? KeyOf(KernelIdentifier wanted, out string why)
    {
        why = "it has no build-ids";
        if (wanted is not NamedRelease named) return null;
        var arch = named.Arch ?? KernelName.ArchOfRelease(named.Release);
        var distro = named.Distro ?? named.Said.Distro ?? KernelOrigin.OfRelease(named.Release).Distro ?? named.Os?.Distro;
        why = arch is null ? "the architecture is unknown; give arch, or distro/version/arch/release"
            : settings.Spelling(arch) is null ? $"it does not serve {arch}"
            : distro is not null && !IsBuiltBy(distro) ? $"it serves {settings.Distro}, not {distro}"
            : "";
        return why.Length > 0 ? null : $"{arch}/{named.Release}/{WantedKernel.VersionOf(named, settings.Distro)}";
    }

    public async Task<IReadOnlyList<SourceKernel>> FindAsync(KernelIdentifier wanted, CancellationToken ct)
    {
        var named = (NamedRelease)wanted;
        var arch = settings.Spelling(named.Arch ?? KernelName.ArchOfRelease(named.Release)!)!;
        var list = await KernelsAsync(arch, ct);
        SourceKernel[] found =
        [
            .. list.Kernels.Where(kernel => kernel.Release == named.Release && WantedKernel.Fits(named, kernel.Distro, kernel.Version)),
        ];
        return found.Length > 0 || list.Faults.Count == 0 ? found : throw list.Faults[0]; // a suite that could not be read may have it
    }

    public async Task<SourceList> ListAsync(CancellationToken ct)
    {
        var (kernels, faults) = (new List<SourceKernel>(), new List<SourceException>());
        foreach (var arch in settings.Arches)
        {
            var list = await KernelsAsync(arch, ct);
            kernels.AddRange(list.Kernels);
            faults.AddRange(list.Faults);
        }

        return new(kernels, [.. faults.DistinctBy(fault => fault.What)]);
    }

    public void Dispose() => _turn.Dispose();

    private bool IsBuiltBy(string distro) =>
        distro == settings.Distro
        || (Distributions.BuilderOf(distro) ?? distro) == (Distributions.BuilderOf(settings.Distro) ?? settings.Distro);

    private async Task<SourceList> KernelsAsync(string arch, CancellationToken ct)
    {
        await _turn.WaitAsync(ct);
        try
        {
            if (_lists.TryGetValue(arch, out var known) && settings.Clock.GetElapsedTime(known.At) < settings.Refresh) return known.List;
            var at = settings.Clock.GetTimestamp();
            var list = await ReadAsync(arch, ct);
            if (list.Faults.Count == 0) _lists[arch] = (at, list);
            return list;
        }
        finally
        {
            _turn.Release();
        }
    }

    private async Task<SourceList> ReadAsync(string arch, CancellationToken ct)
    {
        var (packages, faults) = await index.ReadAsync(arch, ct);
        return new(
            [.. packages.GroupBy(p => (p.Package.Release, Version: settings.Version.Length > 0 ? settings.Version : p.Version))
                .Where(kernel => KernelName.Fault("release", kernel.Key.Release) is null)
                .Select(kernel => KernelOf(arch, kernel.Key.Release, [.. kernel.Select(p => p.Package)], kernel.Key.Version))
                .Where(kernel => kernel.Packages.Count > 0)],
            faults);
    }

    private RepositoryKernel KernelOf(string arch, string release, IReadOnlyList<RepositoryPackage> packages, string? version)
    {
        RepositoryPackage[] kernels = [.. packages.Where(p => p.Kind != KernelPackageKind.Modules
            && (p.Kind != KernelPackageKind.Debug || settings.UsesDebug)).OrderBy(p => p.Kind)];
        RepositoryPackage[] modules = settings.KeepsModules
            ? [.. packages.Where(p => p.Kind == KernelPackageKind.Modules).DistinctBy(p => p.File[(p.File.LastIndexOf('/') + 1)..])]
            : [];
        return new(settings.Distro, version, arch, release, kernels, modules)
        {
            Settings = settings,
            Client = client,
            Reading = reading,
        };
    }
}
