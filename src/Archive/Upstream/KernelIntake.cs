using Microsoft.Extensions.Logging;
using Relo.Archive.Kernels;
using Relo.Archive.Kernels.Store;

namespace Relo.Archive.Upstream;

/// <summary>Stores what was fetched from a source.</summary>
internal sealed class KernelIntake(KernelStore store, ILogger<KernelIntake> log)
{
    /// <summary>Adds the kernel of a file.</summary>
    /// <param name="source">Where it comes from.</param>
    /// <param name="file">The file, whose kernel is usable.</param>
    /// <param name="ct">Cancels before the kernel is written.</param>
    /// <returns>The kernel; null with the reason why it is not stored.</returns>
    public async Task<(Kernel? Kernel, string Why)> StoreAsync(IKernelSource source, SourceFile file, CancellationToken ct)
    {
        switch (await store.AddAsync(file.Kernel!, file.Description, "upstream", replace: false, stamp: null, ct))
        {
            case Added added: return (Taken(added.Kernel), "");
            case AlreadyThere there: return (Taken(there.Kernel), "");
            case Conflict { Module: { } module } conflict:
                return (null, Refused(source, file, $"{conflict.Existing.Id} is in the archive with different BTF of its module {module}"));
            case Conflict conflict:
                return (null, Refused(source, file, $"{conflict.Existing.Id} is in the archive with different BTF, "
                    + $"{conflict.Existing.Btf}"));
            case Rejected rejected: return (null, Refused(source, file, rejected.Detail));
            case var other: throw new InvalidOperationException($"unknown outcome {other.GetType().Name}");
        }

        Kernel Taken(Kernel kernel)
        {
            log.LogInformation(
                "Upstream file {Path} of {Bytes} bytes with digest {Digest} added as {Kernel} with BTF {Btf}",
                file.Path, file.SizeBytes, file.Digest, kernel.Id, kernel.Btf);
            // With modules, the archive reports them itself.
            if (file.Kernel is { Modules.Count: 0, ModuleFaults.Count: > 0 } read)
                log.LogWarning("{Kernel}: 0 modules added; {Notes}", kernel.Id, string.Join("; ", read.ModuleFaults));
            return kernel;
        }
    }

    /// <summary>The message for a file that is not used; also logs it.</summary>
    public string Refused(IKernelSource source, SourceFile file, string reason)
    {
        log.LogWarning(
            "Upstream file {Path} of {Bytes} bytes with digest {Digest} refused: {Reason}", file.Path, file.SizeBytes, file.Digest, reason);
        return $"{source.Title}'s {file.Text} is not used: {reason}";
    }

    /// <summary>The message for a request that failed; also logs it.</summary>
    public string Trouble(IKernelSource source, SourceException failure)
    {
        log.LogWarning("Upstream request for {Path} failed: {Reason}", failure.What, failure.Message);
        return $"requesting {failure.What} from {source.Title} failed: {failure.Message}";
    }
}
