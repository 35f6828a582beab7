using System.Runtime.InteropServices;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Relo.Archive.Naming;

namespace Relo.Archive.Host;

/// <summary>Registers the kernel this very machine runs, so that the archive is of use before anything was imported.</summary>
internal sealed class HostKernel(KernelStore store, IOptions<ArchiveOptions> options, ILogger<HostKernel> log)
{
    /// <summary>Adds it under its real id. Another BTF under that id gives way: the kernel was built anew. That it cannot be read is told, and stops nothing.</summary>
    public async Task RegisterAsync(CancellationToken ct)
    {
        var paths = options.Value;
        if (!paths.RegisterHostKernel) return;
        if (!File.Exists(paths.HostBtfPath))
        {
            log.LogInformation("Host kernel not registered: there is no {Path}", paths.HostBtfPath);
            return;
        }

        try
        {
            var btf = await File.ReadAllBytesAsync(paths.HostBtfPath, ct);
            var release = (await File.ReadAllTextAsync(paths.HostReleasePath, ct)).Trim();
            var os = OsRelease.Read(File.Exists(paths.HostOsReleasePath) ? await File.ReadAllTextAsync(paths.HostOsReleasePath, ct) : "");
            var arch = string.IsNullOrWhiteSpace(paths.HostArch) ? Arch() : paths.HostArch;
            var outcome = await store.AddAsync(btf, new(os.Distro, os.Version, arch, release), "host", replace: true, ct);
            if (outcome is Rejected rejected) log.LogWarning("Host kernel {Release} not registered: {Reason}", release, rejected.Detail);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException || StorageFault.Of(e) is not null)
        {
            log.LogWarning(e, "Host kernel not registered: {Reason}", e.Message);
        }
    }

    private static string Arch() => RuntimeInformation.OSArchitecture switch
    {
        Architecture.X64 => "x86_64",
        Architecture.Arm64 => "arm64",
        Architecture.X86 => "i686",
        Architecture.Arm => "armv7l",
        Architecture.Armv6 => "armv6l",
        var other => other.ToString().ToLowerInvariant(), // s390x, ppc64le, riscv64, loongarch64 are spelt as uname -m
    };
}
