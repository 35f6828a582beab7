using Microsoft.Extensions.Options;
using Relo.Archive.Faults;
using Relo.Archive.Kernels;
using Relo.Archive.Kernels.Store;

namespace Relo.Api.Ops;

/// <summary>
/// Adds the kernels that ship with the page
/// (<c>wwwroot/samples/kernels/&lt;distro&gt;/&lt;version&gt;/&lt;arch&gt;/&lt;release&gt;.btf</c>), so that the archive has kernels
/// even on a machine without kernel BTF.
/// </summary>
internal sealed class SampleKernels(
    KernelStore store, IWebHostEnvironment environment, IOptions<SampleOptions> options, ILogger<SampleKernels> log)
{
    private const string Extension = ".btf", Source = "sample";

    /// <summary>
    /// Adds the missing ones, and replaces those of an earlier version. A failure is logged and does not stop the service.
    /// </summary>
    public async Task RegisterAsync(CancellationToken cancellation)
    {
        var root = Path.Combine(environment.WebRootPath ?? "", "samples", "kernels");
        if (!options.Value.RegisterSamples || !Directory.Exists(root)) return;

        foreach (var path in Directory.EnumerateFiles(root, "*" + Extension, SearchOption.AllDirectories).Order(StringComparer.Ordinal))
        {
            if (Path.GetRelativePath(root, path).Split(Path.DirectorySeparatorChar) is not [var distro, var version, var arch, var file])
                continue;
            var description = new KernelDescription(distro, version, arch, file[..^Extension.Length]);
            try
            {
                if (await AddAsync(await File.ReadAllBytesAsync(path, cancellation), description, cancellation) is Rejected rejected)
                    log.LogWarning("Sample kernel {Path} could not be added: {Reason}", path, rejected.Detail);
            }
            catch (Exception e) when (StorageFault.Of(e) is { } fault)
            {
                log.LogWarning("Sample kernel {Path} could not be added: {Reason}", path, fault.Reason);
            }
        }
    }

    private async Task<AddOutcome> AddAsync(byte[] btf, KernelDescription description, CancellationToken cancellation)
    {
        var outcome = await store.AddAsync(btf, description, Source, replace: false, cancellation);
        // A kernel that somebody else added under the same id stays.
        return outcome is Conflict { Existing.Source: Source }
            ? await store.AddAsync(btf, description, Source, replace: true, cancellation)
            : outcome;
    }
}
