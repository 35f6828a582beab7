using Relo.Archive.Index;
using Relo.Archive.Kernels;

namespace Relo.Archive.Resolution;

/// <summary>
/// The kernels nearest to one that is not here. Order of what counts: the same release, the architecture, the version line, the flavour, the
/// distribution, then how far the numbers are apart. That a kernel is near says nothing of its layouts: the caller decides, never we.
/// One look at each kernel, nothing made for those that are not near: callers choose how often this runs.
/// </summary>
internal sealed class NearestKernels
{
    private const int AtMost = 5;

    private readonly NamedRelease _wanted;
    private readonly KernelSnapshot _snapshot;
    private readonly ReleaseParts _parts;
    private readonly string? _arch;
    private readonly string? _distro;
    private readonly string[]? _versions;

    private NearestKernels(NamedRelease wanted, KernelSnapshot snapshot)
    {
        (_wanted, _snapshot) = (wanted, snapshot);
        _parts = ReleaseParts.Read(wanted.Release);
        _arch = wanted.Arch ?? KernelName.ArchOfRelease(wanted.Release);
        _distro = wanted.Distro ?? wanted.Said.Distro;
        _versions = wanted.Version is null ? null : [.. KernelName.VersionsToTry(_distro, wanted.Version)];
    }

    /// <summary>Up to five, the nearest first. The neighbours are among them, at the end if need be.</summary>
    public static (IReadOnlyList<NearKernel> Nearest, Neighbours Neighbours) To(NamedRelease wanted, KernelSnapshot snapshot)
    {
        var search = new NearestKernels(wanted, snapshot);
        var nearest = search.Nearest();
        var neighbours = search.NeighboursOf(nearest);
        var shown = nearest.Select(i => snapshot.InOrder[i]).ToList();
        Kernel[] missing = [.. new[] { neighbours.Older, neighbours.Newer }.OfType<Kernel>().Except(shown)];
        shown.RemoveRange(Math.Min(shown.Count, AtMost - missing.Length), Math.Max(0, shown.Count - (AtMost - missing.Length)));
        return ([.. shown.Concat(missing).Select(k => new NearKernel(k, search.Why(k)))], neighbours);
    }

    // Indices, the nearest first: insertion into a list of five. Nearly all kernels are out after one comparison.
    private List<int> Nearest()
    {
        var nearest = new List<(int Index, int Sameness)>(AtMost + 1);
        for (var i = 0; i < _snapshot.InOrder.Length; i++)
        {
            var sameness = Sameness(i);
            var at = nearest.Count;
            while (at > 0 && IsNearer((i, sameness), nearest[at - 1])) at--;
            if (at == AtMost) continue;
            nearest.Insert(at, (i, sameness));
            if (nearest.Count > AtMost) nearest.RemoveAt(AtMost);
        }

        return nearest.ConvertAll(near => near.Index);
    }

    // Strictly: of two that are equally near the first in the order of ids stays in front.
    private bool IsNearer((int Index, int Sameness) left, (int Index, int Sameness) right) => left.Sameness != right.Sameness
        ? left.Sameness > right.Sameness
        : _parts.CompareDistances(_snapshot.Parts[left.Index], _snapshot.Parts[right.Index]) < 0;

    // What counts most is the highest bit.
    private int Sameness(int i)
    {
        var (kernel, parts) = (_snapshot.InOrder[i], _snapshot.Parts[i]);
        return (kernel.Release == _wanted.Release ? 16 : 0) | (IsArch(kernel) ? 8 : 0) | (IsLine(parts) ? 4 : 0) | (parts.Flavour == _parts.Flavour ? 2 : 0) | (IsDistro(kernel) ? 1 : 0);
    }

    private Neighbours NeighboursOf(List<int> nearest)
    {
        // What the caller left open (often all but the release) is taken from the nearest kernel that fits.
        var fitting = nearest.FindIndex(i => (Sameness(i) & 0b1_1011) == 0b0_1011);
        if (fitting < 0) return new(null, null);
        var like = _snapshot.InOrder[nearest[fitting]];
        int? older = null, newer = null;
        for (var i = 0; i < _snapshot.InOrder.Length; i++)
        {
            var (kernel, parts) = (_snapshot.InOrder[i], _snapshot.Parts[i]);
            if (kernel.Arch != like.Arch || kernel.Distro != like.Distro || kernel.Version != like.Version || parts.Flavour != _parts.Flavour) continue;
            var order = _parts.CompareAge(parts);
            if (order > 0 && (older is null || _snapshot.Parts[older.Value].CompareAge(parts) < 0)) older = i;
            if (order < 0 && (newer is null || _snapshot.Parts[newer.Value].CompareAge(parts) > 0)) newer = i;
        }

        return new(At(older), At(newer));

        Kernel? At(int? i) => i is null ? null : _snapshot.InOrder[i.Value];
    }

    private bool IsArch(Kernel kernel) => _arch is null || kernel.Arch == _arch;

    private bool IsLine(ReleaseParts parts) => _parts.Line.Length > 0 && parts.Line == _parts.Line;

    private bool IsDistro(Kernel kernel) => (_distro is null || kernel.Distro == _distro) && (_versions is null || _versions.Contains(kernel.Version));

    private string Why(Kernel kernel)
    {
        List<string> why = [];
        var parts = ReleaseParts.Read(kernel.Release);
        if (kernel.Release == _wanted.Release) why.Add("the same release");
        else
        {
            var sameFlavour = parts.Flavour == _parts.Flavour;
            why.Add(IsLine(parts) ? $"the same version line {parts.Line}" : $"another version line, {(parts.Line.Length > 0 ? parts.Line : kernel.Release)}");
            why.Add((sameFlavour ? "the same flavour" : "another flavour") + (parts.Flavour.Length > 0 ? $" {parts.Flavour}" : sameFlavour ? "" : " (none)"));
            if (IsLine(parts)) why.Add(parts.CompareAge(_parts) is var order && order != 0 ? order < 0 ? "older" : "newer" : "of the same numbers");
        }

        if (_arch is not null) why.Add(IsArch(kernel) ? $"the same architecture {_arch}" : $"another architecture, {kernel.Arch}");
        if (!IsDistro(kernel)) why.Add($"another distribution, {kernel.Distro} {kernel.Version}");
        else if (_wanted.Distro is not null) why.Add($"the same distribution {kernel.Distro} {kernel.Version}");
        return string.Join(", ", why);
    }
}
