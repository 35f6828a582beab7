using Relo.Archive.KernelFiles;
using Relo.Archive.Naming;

namespace Relo.Archive.Upstream.BtfHub;

/// <summary>
/// A tree of <c>distro/version/arch/release.btf.tar.xz</c>: BTFHub's archive, a mirror of it, or what <c>export</c> writes. Its files are
/// requested by name; it has no list.
/// </summary>
internal sealed class BtfHubSource(string name, string title, SourceClient client, UpstreamOptions options, ReadSettings reading)
    : IKernelSource
{
    public string Name => name;

    public string Title => title;

    public string? KeyOf(KernelIdentifier wanted, out string why)
    {
        why = "it has no build-ids";
        if (wanted is not NamedRelease named) return null;
        var paths = UpstreamPath.ToTry(named, out why);
        return paths.Count == 0 ? null : string.Join('\n', paths);
    }

    public Task<IReadOnlyList<SourceKernel>> FindAsync(KernelIdentifier wanted, CancellationToken ct) =>
        Task.FromResult<IReadOnlyList<SourceKernel>>(
            wanted is NamedRelease named
                ? [.. UpstreamPath.ToTry(named, out _).Select(path => new BtfHubKernel(path, client, options.FileBytes, reading))]
                : []);

    public bool CanList => false;

    public Task<SourceList> ListAsync(CancellationToken ct) => throw SourceException.Unfit(
        "its list", "a tree in BTFHub's layout has no list of its files; clone it and import the folder");
}
