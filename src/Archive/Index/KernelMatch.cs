using System.IO.Enumeration;
using Relo.Archive.Kernels;
using Relo.Archive.Naming;

namespace Relo.Archive.Index;

/// <summary>A <see cref="KernelFilter"/> in canonical spelling, prepared to test many kernels.</summary>
internal sealed class KernelMatch
{
    private readonly string? _distro;
    private readonly string? _version;
    private readonly string? _arch;
    private readonly string? _release;
    private readonly string[] _words;

    public KernelMatch(KernelFilter filter)
    {
        _distro = Given(filter.Distro) is { } distro ? KernelName.Distro(distro) : null;
        _version = Given(filter.Version) is { } version ? KernelName.Version(version) : null;
        _arch = Given(filter.Arch) is { } arch ? KernelName.Arch(arch) : null;
        _release = Given(filter.Release) is { } release ? KernelName.Release(release) : null;
        _words = filter.Q?.Split(' ', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries) ?? [];
    }

    /// <summary>
    /// The matching kernels in order, starting at an index of the snapshot. A release without a pattern is looked up, not searched for.
    /// </summary>
    public IEnumerable<Kernel> Of(KernelSnapshot snapshot, int first)
    {
        if (_release is not null && _release.AsSpan().IndexOfAny('*', '?', '\\') < 0)
            return snapshot.WithRelease(_release)
                .Where(k => Matches(k) && (first == 0 || NaturalOrder.Instance.Compare(k.Id, snapshot.InOrder[first - 1].Id) > 0));
        return snapshot.InOrder.Skip(first).Where(Matches);
    }

    private bool Matches(Kernel kernel) =>
        (_distro is null || kernel.Distro == _distro)
        && (_version is null || kernel.Version == _version)
        && (_arch is null || kernel.Arch == _arch)
        && (_release is null || FileSystemName.MatchesSimpleExpression(_release, kernel.Release, ignoreCase: false))
        && HasWords(kernel.Id);

    // A loop, because a lambda over the id would be allocated for each of thousands of kernels.
    private bool HasWords(string id)
    {
        foreach (var word in _words)
            if (!id.Contains(word, StringComparison.OrdinalIgnoreCase)) return false;
        return true;
    }

    private static string? Given(string? text) => string.IsNullOrWhiteSpace(text) ? null : text;
}
