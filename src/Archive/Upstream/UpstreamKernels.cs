using Microsoft.Extensions.Options;
using Relo.Archive.Blobs;
using Relo.Archive.Index;
using Relo.Archive.Naming;

namespace Relo.Archive.Upstream;

/// <summary>
/// Fetches missing kernels from the first source that has them, checks and stores them. Concurrent requests for one kernel share a single
/// fetch, across nodes too. A kernel that a source does not have is not requested from it again for a while; a failure to reach a source
/// is never remembered.
/// </summary>
internal sealed class UpstreamKernels : IDisposable
{
    // A bad file on a mirror costs a download each time, and may be fixed sooner than a missing kernel appears.
    private static readonly TimeSpan RememberUnfit = TimeSpan.FromMinutes(1);

    private readonly KernelSources _sources;
    private readonly KernelIntake _intake;
    private readonly KernelIndex _index;
    private readonly IIndexEngine _engine;
    private readonly ArchiveWatcher _watcher;
    private readonly UpstreamOptions _options;
    private readonly MissMemory _misses, _unfit;
    private readonly SharedFetches<string, UpstreamOutcome> _fetches = new();

    public UpstreamKernels(
        KernelSources sources, KernelIntake intake, KernelIndex index, IIndexEngine engine, ArchiveWatcher watcher,
        IOptions<UpstreamOptions> options, TimeProvider clock)
    {
        (_sources, _intake, _index, _engine, _watcher, _options) = (sources, intake, index, engine, watcher, options.Value);
        (_misses, _unfit) = (new(clock), new(clock));
    }

    /// <summary>Ends running fetches.</summary>
    public void Dispose() => _fetches.Dispose();

    /// <summary>Tries to get a kernel.</summary>
    /// <param name="wanted">The known data of the kernel.</param>
    /// <param name="ct">Cancels waiting. The fetch itself continues: other callers may wait for it or want it later.</param>
    internal async Task<UpstreamOutcome> FetchAsync(KernelIdentifier wanted, CancellationToken ct)
    {
        if (_sources.All.Count == 0) return UpstreamOutcome.Not(KernelSources.None);
        var search = new Search();
        foreach (var source in _sources.All)
        {
            if (source.KeyOf(wanted, out var why) is not { } part) search.Steps.Add($"{source.Title} was not contacted: {why}");
            else if (KeyOf(source, part) is var key && _misses.Recall(key) is { } miss) search.Steps.Add(miss);
            else if (_unfit.Recall(key) is { } unfit) search.Fails(unfit, RememberUnfit);
            else search.Open.Add((source, key));
        }

        if (search.Open.Count == 0) return search.Ended();
        var all = string.Join('\0', search.Open.Select(s => s.Key));
        var outcome = await _fetches.GetAsync(all, stop => FetchAsync(all, wanted, search, stop)).WaitAsync(ct);
        return outcome;
    }

    // The source of BaseUrl has no name, so that its lock has the same name as in earlier versions.
    private static string KeyOf(IKernelSource source, string part) => source.Name.Length == 0 ? part : $"{source.Name}\n{part}";

    private async Task<UpstreamOutcome> FetchAsync(string all, KernelIdentifier wanted, Search search, CancellationToken stop)
    {
        // One node fetches; if it dies, the next one does.
        await using var turn = await _engine.LockAsync("upstream:" + all, stop);
        // Another node, or an earlier fetch of this one, may have added the kernel after this caller looked for it.
        await _watcher.CatchUpAsync(stop);
        foreach (var (source, key) in search.Open)
        {
            try
            {
                var kernels = await source.FindAsync(wanted, stop);
                if (kernels.Any(kernel => kernel.In(_index) is { } here && WantedKernel.Fits(wanted, here.Distro, here.Version)))
                    return new(true, ["fetched meanwhile"]);
                // One that is here nevertheless is of another version, which only its file said.
                SourceKernel[] open = [.. kernels.Where(kernel => kernel.In(_index) is null)];
                if (await AskAsync(source, key, wanted, open, search, stop) is { } fetched) return fetched;
            }
            catch (SourceException e)
            {
                var step = _intake.Trouble(source, e);
                if (e.IsUnfit) Unfit(key, step, search);
                else search.Fails(step, e.RetryAfter);
            }
        }

        return search.Ended();
    }

    private async Task<UpstreamOutcome?> AskAsync(
        IKernelSource source, string key, KernelIdentifier wanted, SourceKernel[] kernels, Search search, CancellationToken ct)
    {
        foreach (var kernel in kernels)
        {
            if (await kernel.FetchAsync(ct) is not { } file) continue;
            if (file.Fault is { } fault)
            {
                Unfit(key, _intake.Refused(source, file, fault), search);
                return null;
            }

            var (stored, why) = await _intake.StoreAsync(source, file, ct);
            if (stored is not null && WantedKernel.Fits(wanted, stored.Distro, stored.Version))
                return new(true, [.. search.Steps, $"fetched {file.Path} from {source.Title}: {file.SizeBytes} bytes, {file.Digest}"]);
            Misses(key, stored is null ? why : $"{source.Title} has {stored.Id}, which is not the wanted kernel", search);
            return null;
        }

        var names = kernels.Length > 0 ? string.Join(" or ", kernels.Select(k => k.Path)) : Text(wanted);
        Misses(key, $"{source.Title} does not have {names}", search);
        return null;
    }

    private static string Text(KernelIdentifier wanted) => wanted switch
    {
        NamedRelease named => named.Release,
        BuildId id => BuildId.Prefix + id.Hex,
        _ => "it",
    };

    private void Misses(string key, string step, Search search)
    {
        _misses.Remember(key, step, _options.RememberMisses);
        search.Steps.Add(step);
    }

    private void Unfit(string key, string step, Search search)
    {
        _unfit.Remember(key, step, _options.RememberMisses < RememberUnfit ? _options.RememberMisses : RememberUnfit);
        search.Fails(step, RememberUnfit);
    }

    /// <summary>The results of the sources so far.</summary>
    private sealed class Search
    {
        private string? _trouble;
        private TimeSpan _retryAfter = TimeSpan.MaxValue;

        public List<(IKernelSource Source, string Key)> Open { get; } = [];

        public List<string> Steps { get; } = [];

        public void Fails(string step, TimeSpan retryAfter)
        {
            Steps.Add(step);
            _trouble ??= step;
            if (retryAfter < _retryAfter) _retryAfter = retryAfter;
        }

        public UpstreamOutcome Ended() => new(false, [.. Steps]) { Trouble = _trouble, RetryAfter = _retryAfter };
    }
}
