using Relo.Archive.Faults;
using Relo.Archive.Upstream;

namespace Relo.Archive.Sync;

/// <summary>Fetches the kernels of one run, a few at a time: while one package is unpacked, the next is downloaded.</summary>
internal sealed class SyncRun(
    IKernelSource source, SyncRequest request, SourceLedger ledger, KernelIntake intake, IProgress<SyncProgress>? progress, int total)
{
    private const int Attempts = 3, MostAtOnce = 3;
    private const int Turns = 30; // each waits up to Archive:BusyTimeout

    private int _done, _older, _fetched, _refused, _failed;
    private long _bytes;

    /// <summary>Fetches these kernels.</summary>
    public Task RunAsync(IReadOnlyList<SourceKernel> kernels, CancellationToken ct) => Parallel.ForEachAsync(
        kernels, new ParallelOptions { MaxDegreeOfParallelism = MostAtOnce, CancellationToken = ct },
        async (kernel, stop) => await OneAsync(kernel, stop));

    /// <summary>The summary with the counts of this run.</summary>
    public SyncSummary Counted(SyncSummary summary) => summary with
    {
        Older = _older,
        Fetched = _fetched,
        Refused = _refused,
        Failed = _failed,
        Bytes = _bytes,
    };

    private async Task OneAsync(SourceKernel kernel, CancellationToken ct)
    {
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                await TryAsync(kernel, ct);
                return;
            }
            catch (SourceException e) when (e.IsUnfit)
            {
                await RefusedAsync(kernel, intake.Trouble(source, e), e.IsPassing, ct);
                return;
            }
            catch (SourceException e) when (attempt == Attempts)
            {
                await FailedAsync(kernel, intake.Trouble(source, e), ct);
                return;
            }
            catch (SourceException e)
            {
                await Task.Delay(e.RetryAfter, ct);
            }
        }
    }

    private async Task TryAsync(SourceKernel kernel, CancellationToken ct)
    {
        if (request.Since is { } since && await kernel.DateAsync(ct) is { } date && date < since)
        {
            Interlocked.Increment(ref _older);
            Interlocked.Increment(ref _done);
        }
        else if (request.DryRun)
        {
            Interlocked.Add(ref _bytes, kernel.SizeBytes ?? 0);
            Report(kernel, ref _fetched, "would fetch", kernel.Path);
        }
        else if (await kernel.FetchAsync(ct) is not { } file)
        {
            await FailedAsync(kernel, $"{source.Title} does not have {kernel.Path}", ct);
        }
        else
        {
            Interlocked.Add(ref _bytes, file.DownloadedBytes);
            var (stored, why) = file.Fault is { } fault
                ? (null, intake.Refused(source, file, fault))
                : await InTurnAsync(() => intake.StoreAsync(source, file, ct), ct);
            if (stored is null)
            {
                if (file.IsPassing) await FailedAsync(kernel, why, ct);
                else await RefusedAsync(kernel, why, file.IsDamaged, ct);
                return;
            }

            await RecordAsync(kernel, fault: null, isRefused: false, ct);
            Report(kernel, ref _fetched, "added", $"{stored.Id} {stored.Btf}");
        }
    }

    private async Task FailedAsync(SourceKernel kernel, string fault, CancellationToken ct)
    {
        if (!request.DryRun) await RecordAsync(kernel, fault, isRefused: false, ct);
        Report(kernel, ref _failed, "failed", fault);
    }

    // The next run asks for it again only if the fault is a passing one.
    private async Task RefusedAsync(SourceKernel kernel, string fault, bool isPassing, CancellationToken ct)
    {
        if (!request.DryRun) await RecordAsync(kernel, fault, isRefused: !isPassing, ct);
        Report(kernel, ref _refused, "refused", fault);
    }

    private Task<bool> RecordAsync(SourceKernel kernel, string? fault, bool isRefused, CancellationToken ct) => InTurnAsync(
        async () =>
        {
            await ledger.RecordTryAsync(source.Name, kernel, fault, isRefused);
            return true;
        },
        ct);

    /// <summary>Writes, again and again while other writers keep the database busy: a sync can wait.</summary>
    internal static async Task<T> InTurnAsync<T>(Func<Task<T>> write, CancellationToken ct)
    {
        for (var turn = 1; ; turn++)
        {
            try
            {
                return await write();
            }
            catch (ArchiveBusyException) when (turn < Turns && !ct.IsCancellationRequested)
            {
            }
        }
    }

    private void Report(SourceKernel kernel, ref int count, string outcome, string detail)
    {
        Interlocked.Increment(ref count);
        progress?.Report(new(Interlocked.Increment(ref _done), total, kernel.Id, outcome, detail));
    }
}
