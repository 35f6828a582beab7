using Relo.Archive.Blobs;
using Relo.Archive.KernelFiles;
using Relo.Archive.Naming;
using Relo.Archive.Upstream.Packages;

namespace Relo.Archive.Upstream.Dnf;

/// <summary>
/// A repository of Fedora, Red Hat's family, Amazon, Oracle, SUSE or openEuler: repomd.xml, its index primary.xml, and packages. Every file
/// is checked by the checksum in the file that names it; repomd.xml by its signature, if a keyring is configured.
/// </summary>
internal sealed class DnfIndex(RepositorySettings settings, SourceClient client) : IPackageIndex
{
    private const string Repomd = "repodata/repomd.xml";
    private const long MostRepomdBytes = 16 << 20;

    private (string Checksum, List<RepositoryPackage> Packages)? _read;

    public async Task<PackageList> ReadAsync(string arch, CancellationToken ct)
    {
        try
        {
            var packages = await PackagesAsync(ct);
            var own = packages.Where(p => KernelName.Arch(p.Arch!) == KernelName.Arch(arch));
            return new([.. own.Select(p => (p, VersionOf(p.Release)))], []);
        }
        catch (SourceException e)
        {
            return new([], [e]);
        }
    }

    private string? VersionOf(string release) =>
        KernelOrigin.OfRelease(release) is { Version: { } version } origin && (origin.Distro is null || origin.Distro == settings.Distro)
            ? version
            : null;

    private async Task<List<RepositoryPackage>> PackagesAsync(CancellationToken ct)
    {
        var (path, checksum, size) = await PrimaryAsync(ct);
        if (_read is { } known && known.Checksum == checksum.Hex) return known.Packages;
        if (size > settings.IndexBytes)
            throw SourceException.Unfit(path, $"it has {size} bytes, at most {settings.IndexBytes} are accepted");
        using var body = await client.GetAsync(RepositoryKernel.AddressOf(path), path, size, ct)
            ?? throw SourceException.Unfit(path, "it does not exist");
        if (checksum.Fault(body.Bytes.Span) is { } other) throw SourceException.Unfit(path, other);
        try
        {
            var packages = settings.ReadIndex(body.Bytes, xml => RepositoryXml.Kernels(xml, ct), ct);
            _read = (checksum.Hex, packages);
            return packages;
        }
        catch (Exception e) when (e is FormatException or KernelFileException)
        {
            throw SourceException.Unfit(path, e.Message, e);
        }
    }

    private async Task<(string Path, PackageChecksum Checksum, long SizeBytes)> PrimaryAsync(CancellationToken ct)
    {
        using var body = await client.GetAsync(Repomd, Repomd, MostRepomdBytes, ct)
            ?? throw SourceException.Unfit(Repomd, "it does not exist; expected the root of a repository");
        try
        {
            if (settings.Keyring.Length > 0)
            {
                using var signature = await client.GetAsync(Repomd + ".asc", Repomd + ".asc", MostRepomdBytes, ct)
                    ?? throw new FormatException("it has no signature (repomd.xml.asc)");
                await Gpgv.CheckAsync(body.Bytes, signature.Bytes, settings.Keyring, settings.Reading.Scratch, ct);
            }

            return RepositoryXml.Primary(new BytesStream(body.Bytes));
        }
        catch (FormatException e)
        {
            throw SourceException.Unfit(Repomd, e.Message, e);
        }
    }
}
