using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Relo.Archive.Blobs;
using Relo.Archive.Faults;
using Relo.Archive.Index;
using Relo.Archive.Kernels.Store;
using Relo.Archive.Naming;
using Relo.Core.Bytes;

namespace Relo.Archive.Upstream;

/// <summary>
/// Fetches damaged or missing BTF again. Accepts only the bytes that were stored: a kernel's layout never changes by itself. Concurrent
/// requests share a single fetch, and a failure is remembered for a while.
/// </summary>
internal sealed class UpstreamRestore(
    UpstreamClient client, ArchiveBlobs blobs, KernelStore store, KernelIndex index, IOptions<UpstreamOptions> options, TimeProvider clock,
    ILogger<UpstreamRestore> log) : IDisposable
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
        if (options.Value.Root is null) return "no upstream archive is configured (Archive:Upstream:BaseUrl is empty)";
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
        foreach (var kernel in index.WithBtf(btf).Take(MostKernels))
        {
            var named = new NamedRelease("path", kernel.Release) { Distro = kernel.Distro, Version = kernel.Version, Arch = kernel.Arch };
            foreach (var path in UpstreamPath.ToTry(named, out _))
            {
                switch (await client.GetAsync(path, ct))
                {
                    case UpstreamFile file:
                        if (await TakeAsync(btf, path, file.Bytes, ct) is not { } unfit) return null;
                        why = unfit;
                        break;
                    case UpstreamUnfit other:
                        why = $"requesting {path} from the upstream archive failed: {other.Reason}";
                        break;
                    case UpstreamFailed failed:
                        log.LogWarning("Upstream request for {Path}, whose BTF is damaged, failed: {Reason}", path, failed.Reason);
                        return $"requesting {path} from the upstream archive failed: {failed.Reason}"; // the next URL would fail as well
                    default:
                        why = $"the upstream archive does not have {path}";
                        break;
                }
            }
        }

        return why;
    }

    private async Task<string?> TakeAsync(Digest btf, UpstreamPath path, ReadOnlyMemory<byte> file, CancellationToken ct)
    {
        if (UpstreamTarball.Unpack(file, path.Release, store.Reading, out var bytes, ct) is { } fault)
            return $"the upstream archive's {path} is not used: {fault}";
        if (Digest.Of(bytes.Span) is var found && found != btf) return $"the upstream archive's {path} contains different BTF, {found}";
        if (!await store.RestoreAsync(btf, bytes, ct)) return "its kernel was deleted meanwhile";
        Interlocked.Increment(ref _restored);
        log.LogInformation("BTF {Btf} was fetched again from the upstream archive's {Path}", btf, path);
        return null;
    }
}
