namespace Relo.Archive.Resolution;

/// <summary>Kernels that are still meant, made fewer step by step; each step is put into words.</summary>
internal sealed class Narrowing(IReadOnlyList<Kernel> start, List<string> steps)
{
    public IReadOnlyList<Kernel> Left { get; private set; } = start;

    /// <summary>Keeps those of one architecture.</summary>
    public void ByArch(string? arch)
    {
        if (arch is null) return;
        Left = [.. Left.Where(k => k.Arch == arch)];
        steps.Add($"architecture {arch}: {Counted(Left.Count)}");
    }

    /// <summary>
    /// Keeps those of one distribution and version. A version is also tried as archives file it (7.9 as 7); and a distribution rebuilt from
    /// Red Hat's source may stand in for another one, since the release is the very same.
    /// </summary>
    public void ByDistro(string? distro, string? version, string release)
    {
        if (distro is null && version is null) return;
        var all = Left;
        if (TryVersions(all.Where(k => distro is null || k.Distro == distro), distro, version, distro ?? "any distribution")) return;
        if (distro is null) return;
        var rebuilds = all.Where(k => k.Distro != distro && KernelName.AreRebuilds(distro, k.Distro, release)).ToList();
        if (rebuilds.Count > 0) TryVersions(rebuilds, distro, version, $"rebuilds of {distro}'s kernels ({string.Join(", ", rebuilds.Select(k => k.Distro).Distinct())})");
    }

    /// <summary>Takes what the text hints at, where that leaves any; hints choose among several, they exclude nothing by themselves.</summary>
    public void ByHint(string? distro)
    {
        if (distro is null || Left.Count < 2) return;
        List<Kernel> hinted = [.. Left.Where(k => k.Distro == distro)];
        steps.Add($"the text hints at {distro}: {Counted(hinted.Count)}" + (hinted.Count == 0 ? ", hint not used" : ""));
        if (hinted.Count > 0) Left = hinted;
    }

    /// <summary>Drops Ubuntu kernels of another version than the one the text names: the same release exists in two versions with different BTF.</summary>
    public void ByUbuntuVersion(string? version)
    {
        if (version is null) return;
        Left = [.. Left.Where(k => k.Distro != "ubuntu" || k.Version == version)];
        steps.Add($"the text says the kernel was built for Ubuntu {version}: {Counted(Left.Count)}");
    }

    private bool TryVersions(IEnumerable<Kernel> kernels, string? distro, string? version, string whose)
    {
        List<Kernel> all = [.. kernels];
        if (version is null)
        {
            Left = all;
            steps.Add($"{whose}: {Counted(all.Count)}");
            return all.Count > 0;
        }

        foreach (var spelling in KernelName.VersionsToTry(distro, version))
        {
            Left = [.. all.Where(k => k.Version == spelling)];
            steps.Add($"{whose}, version {spelling}: {Counted(Left.Count)}");
            if (Left.Count > 0) return true;
        }

        return false;
    }

    public static string Counted(int count) => count switch { 0 => "none", 1 => "1 kernel", _ => $"{count} kernels" };
}
