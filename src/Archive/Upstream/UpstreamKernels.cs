using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Relo.Archive.Blobs;
using Relo.Archive.Index;
using Relo.Archive.Kernels;
using Relo.Archive.Kernels.Store;
using Relo.Archive.Naming;
using Relo.Core.Bytes;

namespace Relo.Archive.Upstream;

/// <summary>
/// Fetches missing kernels from the upstream, checks and stores them. Concurrent requests for one kernel share a single fetch, also those
/// to other nodes. A kernel that the upstream does not have is not requested again for a while; a failure to reach the upstream is never
/// remembered.
/// </summary>
internal sealed class UpstreamKernels : IDisposable
{
    // A bad file on a mirror costs a download each time, and may be fixed sooner than a missing kernel appears.
    private static readonly TimeSpan RememberUnfit = TimeSpan.FromMinutes(1);

    private readonly UpstreamClient _client;
    private readonly KernelStore _store;
    private readonly KernelIndex _index;
    private readonly IIndexEngine _engine;
    private readonly ArchiveWatcher _watcher;
    private readonly UpstreamOptions _options;
    private readonly ILogger<UpstreamKernels> _log;
    private readonly MissMemory _misses, _unfit;
    private readonly SharedFetches<string, UpstreamOutcome> _fetches = new();

    public UpstreamKernels(
        UpstreamClient client, KernelStore store, KernelIndex index, IIndexEngine engine, ArchiveWatcher watcher,
        IOptions<UpstreamOptions> options, TimeProvider clock, ILogger<UpstreamKernels> log)
    {
        (_client, _store, _index, _engine, _watcher, _options, _log) = (client, store, index, engine, watcher, options.Value, log);
        (_misses, _unfit) = (new(clock), new(clock));
    }

    /// <summary>Ends running fetches.</summary>
    public void Dispose() => _fetches.Dispose();

    /// <summary>Tries to get a kernel.</summary>
    /// <param name="wanted">The known data of the kernel.</param>
    /// <param name="ct">Cancels waiting. The fetch itself continues: other callers may wait for it or want it later.</param>
    internal async Task<UpstreamOutcome> FetchAsync(NamedRelease wanted, CancellationToken ct)
    {
        if (_options.Root is null) return UpstreamOutcome.Not("no upstream archive is configured (Archive:Upstream:BaseUrl is empty)");
        var paths = UpstreamPath.ToTry(wanted, out var why);
        if (paths.Count == 0) return UpstreamOutcome.Not($"the upstream archive was not contacted: {why}");
        var key = string.Join('\n', paths);
        if (_misses.Recall(key) is { } miss) return UpstreamOutcome.Not(miss);
        if (_unfit.Recall(key) is { } unfit) return UpstreamOutcome.Failed(unfit, RememberUnfit);
        return await _fetches.GetAsync(key, stop => FetchAsync(key, paths, stop)).WaitAsync(ct);
    }

    private async Task<UpstreamOutcome> FetchAsync(string key, IReadOnlyList<UpstreamPath> paths, CancellationToken stop)
    {
        // Of all nodes, one fetches. If it dies, the next one does.
        await using var turn = await _engine.LockAsync("upstream:" + key, stop);
        // Another node, or an earlier fetch of this one, may have added the kernel after this caller looked for it.
        await _watcher.CatchUpAsync(stop);
        return paths.Any(p => _index.Find(p.Id) is not null) ? new(true, ["fetched meanwhile"]) : await AskAsync(key, paths, stop);
    }

    private async Task<UpstreamOutcome> AskAsync(string key, IReadOnlyList<UpstreamPath> paths, CancellationToken ct)
    {
        foreach (var path in paths)
        {
            switch (await _client.GetAsync(path, ct))
            {
                case UpstreamFile file:
                    return await TakeAsync(key, path, file.Bytes, ct);
                case UpstreamUnfit unfit:
                    return Unfit(key, Trouble(path, unfit.Reason));
                case UpstreamFailed failed:
                    return UpstreamOutcome.Failed(Trouble(path, failed.Reason), failed.RetryAfter);
                case UpstreamMissing:
                    break;
                case var other:
                    throw new InvalidOperationException($"unknown reply {other.GetType().Name}");
            }
        }

        var nothing = $"the upstream archive does not have {string.Join(" or ", paths)}";
        _misses.Remember(key, nothing, _options.RememberMisses);
        return UpstreamOutcome.Not(nothing);
    }

    private async Task<UpstreamOutcome> TakeAsync(string key, UpstreamPath path, ReadOnlyMemory<byte> file, CancellationToken ct)
    {
        if (UpstreamTarball.Unpack(file, path.Release, _store.Reading, out var btf, ct) is { } fault)
            return Unfit(key, Refused(path, file, fault));
        if (await StoreAsync(path, file, btf, ct) is { } refused)
        {
            _misses.Remember(key, refused, _options.RememberMisses);
            return UpstreamOutcome.Not(refused);
        }

        return new(true, [$"fetched {path} from the upstream archive: {file.Length} bytes, {Digest.Of(file.Span)}"]);
    }

    private UpstreamOutcome Unfit(string key, string step)
    {
        _unfit.Remember(key, step, _options.RememberMisses < RememberUnfit ? _options.RememberMisses : RememberUnfit);
        return UpstreamOutcome.Failed(step, RememberUnfit);
    }

    /// <returns>The reason why the BTF is not stored; null if it is.</returns>
    private async Task<string?> StoreAsync(UpstreamPath path, ReadOnlyMemory<byte> file, ReadOnlyMemory<byte> btf, CancellationToken ct)
    {
        switch (await _store.AddAsync(btf, new(path.Distro, path.Version, path.Arch, path.Release), "upstream", replace: false, ct))
        {
            case Added added: return Taken(added.Kernel);
            case AlreadyThere there: return Taken(there.Kernel);
            case Conflict conflict:
                return Refused(path, file, $"{conflict.Existing.Id} is in the archive with different BTF, "
                + $"{conflict.Existing.Btf}");
            case Rejected rejected: return Refused(path, file, rejected.Detail);
            case var other: throw new InvalidOperationException($"unknown outcome {other.GetType().Name}");
        }

        string? Taken(Kernel kernel)
        {
            _log.LogInformation(
                "Upstream file {Path} of {Bytes} bytes with digest {Digest} added as {Kernel} with BTF {Btf}",
                path, file.Length, Digest.Of(file.Span), kernel.Id, kernel.Btf);
            return null;
        }
    }

    private string Refused(UpstreamPath path, ReadOnlyMemory<byte> file, string reason)
    {
        var digest = Digest.Of(file.Span);
        _log.LogWarning("Upstream file {Path} of {Bytes} bytes with digest {Digest} refused: {Reason}", path, file.Length, digest, reason);
        return $"the upstream archive's {path} ({file.Length} bytes, {digest}) is not used: {reason}";
    }

    private string Trouble(UpstreamPath path, string reason)
    {
        _log.LogWarning("Upstream request for {Path} failed: {Reason}", path, reason);
        return $"requesting {path} from the upstream archive failed: {reason}";
    }
}
