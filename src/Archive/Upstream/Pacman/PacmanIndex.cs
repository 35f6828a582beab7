using Relo.Archive.KernelFiles;
using Relo.Archive.Upstream.Packages;

namespace Relo.Archive.Upstream.Pacman;

/// <summary>
/// Repositories of Arch Linux and its relatives: a database each, such as <c>core.db</c>, and packages beside it. Packages are checked by
/// the digest in the database. Arch signs its packages, not its databases: with a keyring, every package needs a signature.
/// </summary>
internal sealed class PacmanIndex(
    RepositorySettings settings, IReadOnlyList<string> repositories, PacmanServer server, SourceClient client) : IPackageIndex
{
    public async Task<PackageList> ReadAsync(string arch, CancellationToken ct)
    {
        var packages = new List<(RepositoryPackage Package, string? Version)>();
        var faults = new List<SourceException>();
        foreach (var repository in repositories)
        {
            try
            {
                // Rolling distributions have no versions.
                packages.AddRange((await ReadAsync(repository, arch, ct)).Select(package => (package, (string?)null)));
            }
            catch (SourceException e)
            {
                faults.Add(e);
            }
        }

        return new(packages, faults);
    }

    private async Task<List<RepositoryPackage>> ReadAsync(string repository, string arch, CancellationToken ct)
    {
        var folder = server.FolderOf(repository, arch);
        var path = $"{folder}{repository}.db";
        using var body = await client.GetAsync(RepositoryKernel.AddressOf(path), path, settings.IndexBytes, ct)
            ?? throw SourceException.Unfit(path, "it does not exist; expected the database of a repository");
        try
        {
            return settings.ReadIndex(body.Bytes, tar => PacmanDatabase.Kernels(tar, folder, arch, ct), ct);
        }
        catch (Exception e) when (e is FormatException or KernelFileException)
        {
            throw SourceException.Unfit(path, e.Message, e);
        }
    }
}
