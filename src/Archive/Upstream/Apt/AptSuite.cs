using System.Text;
using Relo.Archive.KernelFiles;
using Relo.Archive.Upstream.Packages;

namespace Relo.Archive.Upstream.Apt;

/// <summary>
/// A suite of a repository: its Release, checked, and the kernels of its indexes. An unchanged index is not downloaded again.
/// </summary>
internal sealed class AptSuite(string suite, RepositorySettings settings, SourceClient client)
{
    private const long MostReleaseBytes = 32 << 20;

    // The best compression first. Debian and Ubuntu have xz, others only gz.
    private static readonly string[] Packings = [".xz", ".zst", ".gz", ""];

    private readonly Dictionary<string, (string Digest, List<RepositoryPackage> Packages)> _read = new(StringComparer.Ordinal);

    /// <summary>The checked Release.</summary>
    /// <exception cref="SourceException">It cannot be fetched, or is refused.</exception>
    public async Task<AptRelease> ReleaseAsync(CancellationToken ct)
    {
        var path = $"dists/{suite}/InRelease";
        try
        {
            if (await TextAsync(path, isSigned: true, ct) is not { } text)
            {
                path = $"dists/{suite}/Release";
                text = await TextAsync(path, isSigned: false, ct)
                    ?? throw SourceException.Unfit(path, "neither it nor InRelease exists");
            }

            var release = AptRelease.Parse(text);
            // An old signed Release would hide newer kernels. Without a signature, the date can be forged, so it is not checked.
            if (settings.Keyring.Length > 0 && !settings.IgnoresExpiry
                && release.ValidUntil is { } until && until < settings.Clock.GetUtcNow())
                throw new FormatException($"it was valid until {until:u}");
            return release;
        }
        catch (FormatException e)
        {
            throw SourceException.Unfit(path, e.Message, e);
        }
    }

    // InRelease contains its signature; Release.gpg has that of Release.
    private async Task<string?> TextAsync(string path, bool isSigned, CancellationToken ct)
    {
        using var body = await client.GetAsync(path, path, MostReleaseBytes, ct);
        if (body is null) return null;
        var scratch = settings.Reading.Scratch;
        if (settings.Keyring.Length == 0)
            return Encoding.UTF8.GetString(body.Bytes.Span) is var text && isSigned ? ClearSigned.TextOf(text) : text;
        if (isSigned) return await Gpgv.CheckAsync(body.Bytes, settings.Keyring, scratch, ct);
        using var signature = await client.GetAsync(path + ".gpg", path + ".gpg", MostReleaseBytes, ct)
            ?? throw new FormatException("it has no signature (Release.gpg)");
        await Gpgv.CheckAsync(body.Bytes, signature.Bytes, settings.Keyring, scratch, ct);
        return Encoding.UTF8.GetString(body.Bytes.Span);
    }

    /// <summary>The kernels of one component for one architecture.</summary>
    /// <exception cref="SourceException">The index cannot be fetched, or is refused.</exception>
    public async Task<IReadOnlyList<RepositoryPackage>> PackagesAsync(
        AptRelease release, string component, string arch, CancellationToken ct)
    {
        var folder = $"{component}/binary-{arch}/";
        var index = Packings.Select(packing => release.Find($"{folder}Packages{packing}")).FirstOrDefault(file => file is not null);
        if (index is null) return []; // a suite need not have every architecture
        if (_read.TryGetValue(folder, out var known) && known.Digest == index.Digest.Hex) return known.Packages;
        var name = $"dists/{suite}/{index.Path}";
        using var body = await DownloadAsync(release, index, name, ct);
        try
        {
            var packages = Read(body.Bytes, ct);
            _read[folder] = (index.Digest.Hex, packages);
            return packages;
        }
        catch (Exception e) when (e is FormatException or KernelFileException)
        {
            throw SourceException.Unfit(name, e.Message, e);
        }
    }

    private async Task<Download> DownloadAsync(AptRelease release, AptRelease.IndexFile index, string name, CancellationToken ct)
    {
        if (index.SizeBytes > settings.IndexBytes)
            throw SourceException.Unfit(name, $"it has {index.SizeBytes} bytes, at most {settings.IndexBytes} are accepted");
        var folder = name[..(name.LastIndexOf('/') + 1)];
        // Some mirrors copy only the plain names, so this falls back to those, as apt does.
        var body = release.IsByHash ? await client.GetAsync($"{folder}by-hash/SHA256/{index.Digest.Hex}", name, index.SizeBytes, ct) : null;
        body ??= await client.GetAsync(name, name, index.SizeBytes, ct) ?? throw SourceException.Unfit(name, "it does not exist");
        if (body.Digest is var found && found == index.Digest) return body;
        body.Dispose();
        throw SourceException.Unfit(name, $"it has digest {found}, its Release says {index.Digest}");
    }

    private List<RepositoryPackage> Read(ReadOnlyMemory<byte> packed, CancellationToken ct) =>
        settings.ReadIndex(packed, text => PackagesReader.Read(text, ct), ct);
}
