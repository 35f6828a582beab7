using Relo.Archive.Index;

namespace Relo.Archive.Resolution;

/// <summary>
/// The kernels nearest to one that is not here. Order of what counts: the same release, the architecture, the version line, the flavour, the
/// distribution, then how far the numbers are apart. That a kernel is near says nothing of its layouts: the caller decides, never we.
/// </summary>
internal static class NearestKernels
{
    private const int AtMost = 5;

    public static IReadOnlyList<NearKernel> To(NamedRelease wanted, KernelSnapshot snapshot)
    {
        var parts = ReleaseParts.Read(wanted.Release);
        var arch = wanted.Arch ?? KernelName.ArchOfRelease(wanted.Release);
        return [.. snapshot.InOrder
            .Select((kernel, i) => Nearness.Of(kernel, snapshot.Parts[i], wanted, parts, arch))
            .OrderByDescending(near => near.SameRelease)
            .ThenByDescending(near => near.SameArch)
            .ThenByDescending(near => near.SameLine)
            .ThenByDescending(near => near.SameFlavour)
            .ThenByDescending(near => near.SameDistro)
            .ThenBy(near => near.Distance, Comparer<IReadOnlyList<ulong>>.Create(ReleaseParts.CompareDistances))
            .ThenBy(near => near.Kernel.Id, NaturalOrder.Instance)
            .Take(AtMost)
            .Select(near => new NearKernel(near.Kernel, near.Why(wanted, parts, arch)))];
    }

    private sealed record Nearness(Kernel Kernel, ReleaseParts Parts, bool SameRelease, bool SameArch, bool SameLine, bool SameFlavour, bool SameDistro, IReadOnlyList<ulong> Distance)
    {
        public static Nearness Of(Kernel kernel, ReleaseParts theirs, NamedRelease wanted, ReleaseParts parts, string? arch) => new(
            kernel, theirs,
            SameRelease: kernel.Release == wanted.Release,
            SameArch: arch is null || kernel.Arch == arch,
            SameLine: parts.Line.Length > 0 && theirs.Line == parts.Line,
            SameFlavour: theirs.Flavour == parts.Flavour,
            SameDistro: IsDistro(kernel, wanted),
            parts.DistanceTo(theirs));

        private static bool IsDistro(Kernel kernel, NamedRelease wanted) =>
            ((wanted.Distro ?? wanted.DistroHint) is not { } distro || kernel.Distro == distro) && (wanted.Version is not { } version || kernel.Version == version);

        public string Why(NamedRelease wanted, ReleaseParts parts, string? arch)
        {
            List<string> why = [];
            if (SameRelease) why.Add("the same release");
            else
            {
                why.Add(SameLine ? $"the same version line {Parts.Line}" : $"another version line, {(Parts.Line.Length > 0 ? Parts.Line : Kernel.Release)}");
                why.Add((SameFlavour ? "the same flavour" : "another flavour") + (Parts.Flavour.Length > 0 ? $" {Parts.Flavour}" : SameFlavour ? "" : " (none)"));
                if (SameLine && parts.Numbers.Count > 0) why.Add(IsOlder(parts) ? "older" : "newer");
            }

            if (arch is not null) why.Add(SameArch ? $"the same architecture {arch}" : $"another architecture, {Kernel.Arch}");
            if (!SameDistro) why.Add($"another distribution, {Kernel.Distro} {Kernel.Version}");
            else if (wanted.Distro is not null) why.Add($"the same distribution {Kernel.Distro} {Kernel.Version}");
            return string.Join(", ", why);
        }

        private bool IsOlder(ReleaseParts than)
        {
            for (var i = 0; i < Math.Max(Parts.Numbers.Count, than.Numbers.Count); i++)
            {
                ulong mine = i < Parts.Numbers.Count ? Parts.Numbers[i] : 0, theirs = i < than.Numbers.Count ? than.Numbers[i] : 0;
                if (mine != theirs) return mine < theirs;
            }

            return NaturalOrder.Instance.Compare(Parts.Flavour, than.Flavour) < 0;
        }
    }
}
