using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Relo.Archive.Blobs;
using Relo.Archive.Faults;
using Relo.Archive.Index;
using Relo.Archive.Kernels;
using Relo.Archive.Kernels.Store;
using Relo.Archive.Naming;
using Relo.Core.Bytes;

namespace Relo.Archive.Upstream;

/// <summary>
/// Fetches damaged or missing BTF again. Accepts only the bytes that were stored: a kernel's layout never changes by itself. Concurrent
/// requests share a single fetch, and a failure is remembered for a while.
/// </summary>
internal sealed class UpstreamRestore(
    KernelSources sources, KernelIntake intake, ArchiveBlobs blobs, KernelStore store, KernelIndex index,
    IOptions<UpstreamOptions> options, TimeProvider clock, ILogger<UpstreamRestore> log) : IDisposable
{
    // Of the kernels that share the BTF, one is enough; a client must not make us request hundreds.
    private const int MostKernels = 4;
    private static readonly TimeSpan RememberFailure = TimeSpan.FromMinutes(1);

    private readonly MissMemory _failures = new(clock);
    private readonly SharedFetches<Digest, string?> _fetches = new();
    private long _restored;

    /// <summary>Number of BTF restored since the start.</summary>
    public long Restored => Interlocked.Read(ref _restored);

    /// <summary>Tries to fetch a BTF again.</summary>
    /// <param name="btf">The BTF.</param>
    /// <param name="ct">Cancels waiting; the fetch itself continues.</param>
    /// <returns>The reason why it could not be restored; null if it was.</returns>
    public async Task<string?> TryAsync(Digest btf, CancellationToken ct)
    {
        if (sources.All.Count == 0) return KernelSources.None;
        if (_failures.Recall(btf.Hex) is { } failure) return failure;
        return await _fetches.GetAsync(btf, stop => FetchAsync(btf, stop)).WaitAsync(ct);
    }

    /// <summary>Ends running fetches.</summary>
    public void Dispose() => _fetches.Dispose();

    private async Task<string?> FetchAsync(Digest btf, CancellationToken stop)
    {
        if (await IsStoredAsync(btf, stop)) return null;
        var failure = await AskAsync(btf, stop);
        var remember = options.Value.RememberMisses < RememberFailure ? options.Value.RememberMisses : RememberFailure;
        if (failure is not null) _failures.Remember(btf.Hex, failure, remember);
        return failure;
    }

    // An earlier fetch, or another node, may have restored it after this caller found it damaged or missing.
    private async Task<bool> IsStoredAsync(Digest btf, CancellationToken stop)
    {
        try
        {
            using IDisposable? blob = await blobs.Btf.ReadAsync(btf, stop);
            return blob is not null;
        }
        catch (CorruptBlobException)
        {
            return false;
        }
    }

    private async Task<string?> AskAsync(Digest btf, CancellationToken ct)
    {
        var why = "no kernel uses it any more";
        var kernels = index.WithBtf(btf).Take(MostKernels).ToList();
        foreach (var source in sources.All)
        {
            foreach (var kernel in kernels)
            {
                try
                {
                    if (await AskAsync(source, kernel, btf, ct) is not { } failure) return null;
                    why = failure;
                }
                catch (SourceException e)
                {
                    why = intake.Trouble(source, e);
                    if (!e.IsUnfit) break; // the next kernel would fail as well
                }
            }
        }

        return why;
    }

    private async Task<string?> AskAsync(IKernelSource source, Kernel kernel, Digest btf, CancellationToken ct)
    {
        var named = new NamedRelease("path", kernel.Release) { Distro = kernel.Distro, Version = kernel.Version, Arch = kernel.Arch };
        if (source.KeyOf(named, out var why) is null) return $"{source.Title} was not contacted: {why}";
        why = $"{source.Title} does not have {kernel.Id}";
        foreach (var found in await source.FindAsync(named, ct))
        {
            if (await found.FetchAloneAsync(ct) is not { } file) why = $"{source.Title} does not have {found.Path}";
            else if (file.Fault is { } fault) why = $"{source.Title}'s {file.Path} is not used: {fault}";
            else if (await TakeAsync(source, file, btf, ct) is not { } unfit) return null;
            else why = unfit;
        }

        return why;
    }

    private async Task<string?> TakeAsync(IKernelSource source, SourceFile file, Digest btf, CancellationToken ct)
    {
        var bytes = file.Kernel!.Btf;
        if (Digest.Of(bytes.Span) is var found && found != btf) return $"{source.Title}'s {file.Path} contains different BTF, {found}";
        if (!await store.RestoreAsync(btf, bytes, ct)) return "its kernel was deleted meanwhile";
        Interlocked.Increment(ref _restored);
        log.LogInformation("BTF {Btf} was fetched again from {Source}'s {Path}", btf, source.Title, file.Path);
        return null;
    }
}
