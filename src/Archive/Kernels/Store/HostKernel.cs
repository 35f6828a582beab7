using System.Runtime.InteropServices;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Relo.Archive.Faults;
using Relo.Archive.KernelFiles;
using Relo.Archive.Naming;
using Relo.Archive.Settings;

namespace Relo.Archive.Kernels.Store;

/// <summary>Registers the kernel of this machine, so that the archive is useful before the first import.</summary>
internal sealed class HostKernel(KernelStore store, IOptions<ArchiveOptions> options, ILogger<HostKernel> log)
{
    /// <summary>
    /// Adds the running kernel and replaces other BTF under its id, because a kernel may be rebuilt under its old name. Failures are only
    /// logged.
    /// </summary>
    public async Task RegisterAsync(CancellationToken ct)
    {
        var paths = options.Value;
        if (!paths.RegisterHostKernel) return;
        if (!File.Exists(paths.HostBtfPath))
        {
            log.LogInformation("Host kernel not added: {Path} does not exist", paths.HostBtfPath);
            return;
        }

        try
        {
            var btf = await File.ReadAllBytesAsync(paths.HostBtfPath, ct);
            var release = (await File.ReadAllTextAsync(paths.HostReleasePath, ct)).Trim();
            var os = OsRelease.Read(File.Exists(paths.HostOsReleasePath) ? await File.ReadAllTextAsync(paths.HostOsReleasePath, ct) : "");
            var banner = File.Exists(paths.HostVersionPath) ? await File.ReadAllTextAsync(paths.HostVersionPath, ct) : "";
            var origin = OriginOf(release, banner, os);
            var arch = string.IsNullOrWhiteSpace(paths.HostArch) ? Arch() : paths.HostArch;
            var notes = File.Exists(paths.HostNotesPath) ? await File.ReadAllBytesAsync(paths.HostNotesPath, ct) : [];
            var description = new KernelDescription(origin.Distro, origin.Version, arch, release)
            {
                BuildId = BuildIdNote.Find(notes, isBigEndian: !BitConverter.IsLittleEndian),
                Banner = banner.Trim() is { Length: > 0 } said ? said : null,
            };
            var outcome = await store.AddAsync(btf, description, "host", replace: true, ct);
            if (outcome is Rejected rejected) log.LogWarning("Host kernel {Release} not added: {Reason}", release, rejected.Detail);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException || StorageFault.Of(e) is not null)
        {
            log.LogWarning(e, "Host kernel not added: {Reason}", e.Message);
        }
    }

    // In a container, os-release is the image's. The banner wins if it names another builder, or another version of Ubuntu.
    private static KernelOrigin OriginOf(string release, string banner, OsRelease os)
    {
        var said = KernelOrigin.OfText(release, banner);
        var isOwn = said.Distro is null
            || Distributions.BuilderOf(os.Distro) is not { } builder || builder == Distributions.BuilderOf(said.Distro)
            || Distributions.AreRebuilds(said.Distro, os.Distro, release);
        if (!isOwn) return new(said.Distro, said.Version ?? KernelName.LocalVersion);
        return new(os.Distro, os.Distro == "ubuntu" && said is { Distro: "ubuntu", Version: { } version } ? version : os.Version);
    }

    private static string Arch() =>
        RuntimeInformation.OSArchitecture == Architecture.X86 ? "i686" : KernelName.Arch(RuntimeInformation.OSArchitecture.ToString());
}
