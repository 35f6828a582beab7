using Relo.Archive.Index;
using Relo.Archive.Kernels;
using Relo.Archive.Naming;

namespace Relo.Archive.Resolution;

/// <summary>
/// The kernels nearest to one that the archive does not have. Criteria, most important first: the same release, architecture, version line,
/// flavour and distribution, then the distance between the release numbers. Near kernels can still have different layouts, so the service
/// never substitutes one. Makes two passes and allocates nothing for kernels that are not near, because callers control how often it runs.
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

    /// <summary>Up to five kernels, the nearest first, including the neighbours.</summary>
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

    // Returns indices, the nearest first. Most kernels need one comparison.
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

    // Strict, so that ties stay in the order of ids.
    private bool IsNearer((int Index, int Sameness) left, (int Index, int Sameness) right) => left.Sameness != right.Sameness
        ? left.Sameness > right.Sameness
        : _parts.CompareDistances(_snapshot.Parts[left.Index], _snapshot.Parts[right.Index]) < 0;

    // The most important criterion is the highest bit.
    private int Sameness(int i)
    {
        var (kernel, parts) = (_snapshot.InOrder[i], _snapshot.Parts[i]);
        return (kernel.Release == _wanted.Release ? 16 : 0) | (IsArch(kernel) ? 8 : 0) | (IsLine(parts) ? 4 : 0)
            | (parts.Flavour == _parts.Flavour ? 2 : 0) | (IsDistro(kernel) ? 1 : 0);
    }

    private Neighbours NeighboursOf(List<int> nearest)
    {
        // Criteria that the caller did not give come from the nearest kernel that matches the rest.
        var fitting = nearest.FindIndex(i => (Sameness(i) & 0b1_1011) == 0b0_1011);
        if (fitting < 0) return new(null, null);
        var like = _snapshot.InOrder[nearest[fitting]];
        int? older = null, newer = null;
        for (var i = 0; i < _snapshot.InOrder.Length; i++)
        {
            var (kernel, parts) = (_snapshot.InOrder[i], _snapshot.Parts[i]);
            if (kernel.Arch != like.Arch || kernel.Distro != like.Distro || kernel.Version != like.Version) continue;
            if (parts.Flavour != _parts.Flavour) continue;
            var order = _parts.CompareAge(parts);
            if (order > 0 && (older is null || _snapshot.Parts[older.Value].CompareAge(parts) < 0)) older = i;
            if (order < 0 && (newer is null || _snapshot.Parts[newer.Value].CompareAge(parts) > 0)) newer = i;
        }

        return new(At(older), At(newer));

        Kernel? At(int? i) => i is null ? null : _snapshot.InOrder[i.Value];
    }

    private bool IsArch(Kernel kernel) => _arch is null || kernel.Arch == _arch;

    private bool IsLine(ReleaseParts parts) => _parts.Line.Length > 0 && parts.Line == _parts.Line;

    private bool IsDistro(Kernel kernel) =>
        (_distro is null || kernel.Distro == _distro) && (_versions is null || _versions.Contains(kernel.Version));

    private string Why(Kernel kernel)
    {
        List<string> why = [];
        var parts = ReleaseParts.Read(kernel.Release);
        if (kernel.Release == _wanted.Release) why.Add("the same release");
        else
        {
            var sameFlavour = parts.Flavour == _parts.Flavour;
            var line = parts.Line.Length > 0 ? parts.Line : kernel.Release;
            why.Add(IsLine(parts) ? $"the same version line {line}" : $"another version line, {line}");
            var flavour = parts.Flavour.Length > 0 ? $" {parts.Flavour}" : sameFlavour ? "" : " (none)";
            why.Add((sameFlavour ? "the same flavour" : "another flavour") + flavour);
            if (IsLine(parts)) why.Add(parts.CompareAge(_parts) switch { < 0 => "older", > 0 => "newer", _ => "the same numbers" });
        }

        if (_arch is not null) why.Add(IsArch(kernel) ? $"the same architecture {_arch}" : $"another architecture, {kernel.Arch}");
        if (!IsDistro(kernel)) why.Add($"another distribution, {kernel.Distro} {kernel.Version}");
        else if (_wanted.Distro is not null) why.Add($"the same distribution {kernel.Distro} {kernel.Version}");
        return string.Join(", ", why);
    }
}
