using Relo.Archive.KernelFiles;
using Relo.Archive.Kernels;
using Relo.Archive.Kernels.Store;
using Relo.Archive.Naming;

namespace Relo.Archive.Upstream.Packages;

/// <summary>A kernel of a repository of packages.</summary>
/// <param name="Distro">os-release <c>ID</c>.</param>
/// <param name="Version">os-release <c>VERSION_ID</c>, if known.</param>
/// <param name="Arch">Architecture, as the repository spells it.</param>
/// <param name="Release"><c>uname -r</c>.</param>
/// <param name="Packages">Packages that have the kernel, the preferred first.</param>
/// <param name="Modules">Packages that have modules alone.</param>
internal sealed record RepositoryKernel(
    string Distro, string? Version, string Arch, string Release, IReadOnlyList<RepositoryPackage> Packages,
    IReadOnlyList<RepositoryPackage> Modules)
    : SourceKernel(Distro, Version, Arch, Release)
{
    private const string SignatureEnd = ".sig";
    private const long MostSignatureBytes = 64 << 10;

    public required RepositorySettings Settings { get; init; }
    public required SourceClient Client { get; init; }
    public required KernelFileReading Reading { get; init; }

    public override string Path => Packages[0].File;

    public override string Stamp => Packages[0].Checksum.Hex;

    public override long? SizeBytes => Packages[0].SizeBytes + Modules.Sum(m => m.SizeBytes);

    public override async Task<DateTimeOffset?> DateAsync(CancellationToken ct) =>
        Packages[0].BuiltAt ?? await Client.DateAsync(AddressOf(Path), Path, ct);

    public override async Task<SourceFile?> FetchAsync(CancellationToken ct)
    {
        var file = await FetchAloneAsync(ct);
        return file is { Fault: null } ? await WithModulesAsync(file, ct) : file;
    }

    public override async Task<SourceFile?> FetchAloneAsync(CancellationToken ct)
    {
        SourceFile? unfit = null;
        foreach (var package in Packages)
        {
            // The unsigned package has the same kernel; only the debug package may have BTF that the others lack.
            if (unfit is not null && package.Kind != KernelPackageKind.Debug) continue;
            if (await ReadAsync(package, ct) is not { } file) continue;
            file = file with { DownloadedBytes = file.SizeBytes + (unfit?.DownloadedBytes ?? 0) };
            if (file.Fault is null) return file;
            unfit = file;
        }

        return unfit;
    }

    // A kernel is useful without modules, so those that are missing are only noted.
    private async Task<SourceFile> WithModulesAsync(SourceFile file, CancellationToken ct)
    {
        var kernel = file.Kernel!;
        List<KernelFile> modules = [.. kernel.Modules];
        List<string> faults = [.. kernel.ModuleFaults];
        var bytes = file.DownloadedBytes;
        foreach (var package in Modules)
        {
            try
            {
                var read = await ReadAsync(package, ct);
                bytes += read?.SizeBytes ?? 0;
                modules.AddRange(read?.Kernel?.Modules ?? []);
                faults.AddRange(read?.Kernel?.ModuleFaults ?? [$"{package.File}: {read?.Fault ?? "the source does not have it"}"]);
            }
            catch (SourceException e)
            {
                faults.Add($"{package.File}: {e.Message}");
            }
        }

        return file with { Kernel = kernel with { Modules = modules, ModuleFaults = faults }, DownloadedBytes = bytes };
    }

    private async Task<SourceFile?> ReadAsync(RepositoryPackage package, CancellationToken ct)
    {
        if (package.SizeBytes > Settings.PackageBytes)
            throw SourceException.Unfit(package.File, $"it has {package.SizeBytes} bytes, at most {Settings.PackageBytes} are accepted");
        using var body = await Client.GetAsync(AddressOf(package.File), package.File, package.SizeBytes, ct);
        if (body is null) return null;
        var file = new SourceFile(package.File, body.Length, body.Digest);
        if (package.Checksum.Fault(body.Bytes.Span) is { } other) return file with { Fault = other, IsDamaged = true };
        if (await SignatureFaultAsync(package, body.Bytes, ct) is { } unsigned)
            return file with { Fault = unsigned, IsDamaged = true };
        try
        {
            var read = await Reading.ReadAsync(body.Bytes, Settings.KeepsModules, ct);
            return Checked(file with { Kernel = read.Detached(), Description = new KernelDescription(Distro, Version, Arch, Release) });
        }
        catch (KernelFileException e)
        {
            return file with { Fault = e.Message, IsPassing = e.IsPassing };
        }
    }

    private async Task<string?> SignatureFaultAsync(RepositoryPackage package, ReadOnlyMemory<byte> bytes, CancellationToken ct)
    {
        if (!package.IsSigned || Settings.Keyring.Length == 0) return null;
        var path = package.File + SignatureEnd;
        using var signature = await Client.GetAsync(AddressOf(path), path, MostSignatureBytes, ct);
        if (signature is null) return $"it has no signature ({path})";
        try
        {
            await Gpgv.CheckAsync(bytes, signature.Bytes, Settings.Keyring, Settings.Reading.Scratch, ct);
            return null;
        }
        catch (FormatException e)
        {
            return e.Message;
        }
    }

    private SourceFile Checked(SourceFile file) =>
        file.Kernel!.Release is { } release && release != Release
            ? file with { Kernel = null, Fault = $"it contains the kernel {release}, its name says {Release}" }
        : file.Kernel.Arch is { } arch && KernelName.Arch(arch) != KernelName.Arch(Arch)
            ? file with { Kernel = null, Fault = $"its kernel is for {arch}, the index says {Arch}" }
            : file;

    /// <summary>The address of a path that the index names: each part escaped, none of them leading upwards.</summary>
    /// <exception cref="SourceException">The path leads elsewhere.</exception>
    internal static string AddressOf(string path)
    {
        var parts = path.Split('/');
        return Array.Exists(parts, part => part is "" or "." or "..")
            ? throw SourceException.Unfit(path, "the index names a path that leads out of the repository")
            : string.Join('/', parts.Select(Uri.EscapeDataString));
    }
}
