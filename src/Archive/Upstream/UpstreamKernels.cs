using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Relo.Archive.Kernels;
using Relo.Archive.Resolution;
using Relo.Core.Bytes;

namespace Relo.Archive.Upstream;

/// <summary>
/// Fetches kernels that are not here from the upstream, checks and stores them. However many ask for one at once, it is fetched once; what is
/// not there is remembered for a while.
/// </summary>
public sealed class UpstreamKernels : IDisposable
{
    // Trouble passes; that a file is missing or bad does not, so soon.
    private static readonly TimeSpan RememberTrouble = TimeSpan.FromMinutes(1);

    private readonly UpstreamClient _client;
    private readonly KernelStore _store;
    private readonly KernelIndex _index;
    private readonly UpstreamOptions _options;
    private readonly ILogger<UpstreamKernels> _log;
    private readonly MissMemory _misses;
    private readonly ConcurrentDictionary<string, Lazy<Task<UpstreamAnswer>>> _flights = new(StringComparer.Ordinal);
    private readonly CancellationTokenSource _stopping = new();

    internal UpstreamKernels(UpstreamClient client, KernelStore store, KernelIndex index, IOptions<UpstreamOptions> options, TimeProvider clock, ILogger<UpstreamKernels> log)
    {
        (_client, _store, _index, _options, _log) = (client, store, index, options.Value, log);
        _misses = new(clock);
    }

    /// <summary>Ends what is under way.</summary>
    public void Dispose()
    {
        _stopping.Cancel();
        _stopping.Dispose();
    }

    /// <summary>Tries to get a kernel.</summary>
    /// <param name="wanted">What is known of it.</param>
    /// <param name="ct">The caller is gone. What is under way goes on: others may wait for it, and the next caller will want it.</param>
    internal async Task<UpstreamAnswer> FetchAsync(NamedRelease wanted, CancellationToken ct)
    {
        if (_options.Root is null) return UpstreamAnswer.Not("no upstream archive is asked (Archive:Upstream:BaseUrl is empty)");
        var paths = UpstreamPath.ToTry(wanted, out var why);
        if (paths.Count == 0) return UpstreamAnswer.Not($"the upstream archive was not asked: {why}");
        var key = string.Join('\n', paths);
        if (_misses.Recall(key) is { } miss) return UpstreamAnswer.Not(miss);
        var flight = _flights.GetOrAdd(key, _ => new(() => Task.Run(() => FlyAsync(key, paths))));
        return await flight.Value.WaitAsync(ct);
    }

    private async Task<UpstreamAnswer> FlyAsync(string key, IReadOnlyList<UpstreamPath> paths)
    {
        try
        {
            // Whoever looked just before an earlier flight landed and asks just behind it finds the kernel here.
            return paths.Any(p => _index.Find(p.Id) is not null) ? new(true, ["fetched meanwhile"]) : await AskAsync(key, paths, _stopping.Token);
        }
        finally
        {
            _flights.TryRemove(key, out _);
        }
    }

    private async Task<UpstreamAnswer> AskAsync(string key, IReadOnlyList<UpstreamPath> paths, CancellationToken ct)
    {
        foreach (var path in paths)
        {
            switch (await _client.GetAsync(path, ct))
            {
                case UpstreamFile file:
                    var (taken, step) = await StoreAsync(path, file.Bytes, ct);
                    if (taken) return new(true, [step]);
                    _misses.Remember(key, step, _options.RememberMisses);
                    return UpstreamAnswer.Not(step);
                case UpstreamFailed failed:
                    _log.LogWarning("Upstream has no answer for {Path}: {Reason}", path, failed.Reason);
                    var trouble = $"the upstream archive was asked for {path}: {failed.Reason}";
                    _misses.Remember(key, trouble, _options.RememberMisses < RememberTrouble ? _options.RememberMisses : RememberTrouble);
                    return UpstreamAnswer.Not(trouble);
            }
        }

        var nothing = $"the upstream archive does not have {string.Join(" or ", paths)}";
        _misses.Remember(key, nothing, _options.RememberMisses);
        return UpstreamAnswer.Not(nothing);
    }

    private async Task<(bool Taken, string Step)> StoreAsync(UpstreamPath path, ReadOnlyMemory<byte> file, CancellationToken ct)
    {
        var digest = Digest.Of(file.Span);
        if (UpstreamTarball.Unpack(file, path.Release, _store.Reading, out var btf, ct) is { } fault) return Refused(fault);
        return await _store.AddAsync(btf, new(path.Distro, path.Version, path.Arch, path.Release), "upstream", replace: false, ct) switch
        {
            Added added => Taken(added.Kernel),
            AlreadyThere there => Taken(there.Kernel),
            Conflict conflict => Refused($"{conflict.Existing.Id} is here with another BTF, {conflict.Existing.Btf}"),
            Rejected rejected => Refused(rejected.Detail),
            var other => throw new InvalidOperationException($"unknown outcome {other.GetType().Name}"),
        };

        (bool, string) Taken(Kernel kernel)
        {
            _log.LogInformation("Upstream file {Path} of {Bytes} bytes with digest {Digest} taken as {Kernel} with BTF {Btf}", path, file.Length, digest, kernel.Id, kernel.Btf);
            return (true, $"fetched {path} from the upstream archive: {file.Length} bytes, {digest}");
        }

        (bool, string) Refused(string reason)
        {
            _log.LogWarning("Upstream file {Path} of {Bytes} bytes with digest {Digest} refused: {Reason}", path, file.Length, digest, reason);
            return (false, $"the upstream archive's {path} ({file.Length} bytes, {digest}) is not used: {reason}");
        }
    }
}

/// <summary>What came of asking the upstream.</summary>
/// <param name="IsFetched">Whether the kernel is here now.</param>
/// <param name="Steps">What was tried, in words.</param>
internal sealed record UpstreamAnswer(bool IsFetched, IReadOnlyList<string> Steps)
{
    public static UpstreamAnswer Not(string step) => new(false, [step]);
}
