using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Microsoft.Extensions.Options;
using Relo.Api.Caching;
using Relo.Api.Http.Limits;
using Relo.Api.Http.Problems;
using Relo.Api.Relocations;
using Relo.Api.Work;
using Relo.Archive.Faults;
using Relo.Archive.Kernels;
using Relo.Archive.OnDemand;
using Relo.Core.Bytes;
using Relo.Core.Compatibility;

namespace Relo.Api.Compatibility;

/// <summary>
/// Checks one object against kernels. The outcome for an object and a BTF is cached, so that the same check again opens no kernel: a few
/// hundred bytes per kernel, and each distinct outcome once. Kernels opened for a check do not evict those that nodes use.
/// </summary>
internal sealed class CompatibilityRunner(
    KernelOpener kernels, LayoutGroups groups, WorkGate gate, MemoryBudget budget, IOptions<ResultOptions> results,
    IOptions<CompatibilityOptions> options,
    ILogger<CompatibilityRunner> log)
{
    private const int BytesPerKernel = 320; // the key and its cache entries

    private readonly SingleFlightCache<RelocationKey, KernelOutcome> _outcomes =
        new(results.Value.CompatibilityBytes, OutcomeSize.Of, BytesPerKernel);

    // Per request: more workers than processors would only keep more kernels open.
    private readonly int _workers = options.Value.Parallelism > 0 ? options.Value.Parallelism : Environment.ProcessorCount;

    /// <summary>Counters of the cache.</summary>
    public CacheTally Tally => _outcomes.Tally;

    /// <summary>
    /// The findings of all kernels, in their order. Kernels with the same BTF, or with the same layouts of what the object reads, are
    /// checked once.
    /// </summary>
    /// <param name="digest">Digest of the object.</param>
    /// <param name="check">The object.</param>
    /// <param name="kernels">The kernels.</param>
    /// <param name="cancellation">Cancelled when the client disconnects.</param>
    public async IAsyncEnumerable<KernelFinding> RunAsync(Digest digest, CompatibilityCheck check, IReadOnlyList<Kernel> kernels,
        [EnumeratorCancellation] CancellationToken cancellation)
    {
        var places = ItemsOf(digest, kernels);
        List<Item> asked = [.. places.Where(item => item.Known is null).DistinctBy(item => item.Key)];
        if (asked.Count == 0)
        {
            for (var i = 0; i < places.Length; i++) yield return KernelFinding.Of(kernels[i], places[i].Known!);
            yield break;
        }

        var found = await groups.OfAsync(check.Question, asked.ConvertAll(item => item.Kernel), cancellation);
        for (var i = 0; i < found.Length; i++)
            if (found[i] is { } group) (asked[i].Group, asked[i].Place) = group;
        using var workers = new Workers(_workers);
        await foreach (var finding in CompatibilityPass.RunAsync(kernels.Zip(places), Waits, Find, cancellation)) yield return finding;

        bool Waits((Kernel Kernel, Item Item) one) => one.Item.Known is not null || one.Item.Finding is not null || one.Item.Place > 0;

        Task<KernelFinding> Find((Kernel Kernel, Item Item) one, CancellationToken stop)
        {
            var (kernel, item) = one;
            if (item.Known is null && item.Finding is null && item.Group?.Known(item.Place) is { } shared)
                _outcomes.Keep(item.Key, item.Known = shared);
            return item.Known is { } known ? Task.FromResult(KernelFinding.Of(kernel, known)) : FindAsync(kernel, item, stop);
        }

        async Task<KernelFinding> FindAsync(Kernel kernel, Item item, CancellationToken stop) =>
            await (item.Finding ??= BeginAsync(item, stop)) with { Kernel = kernel };

        async Task<KernelFinding> BeginAsync(Item item, CancellationToken stop) => item.Group is not { } group
            ? (await CheckAsync(item, stop)).Finding
            : await group.FindAsync(item.Place, outcome => Keep(item, outcome), () => CheckAsync(item, stop), stop);

        Task<(KernelFinding Finding, CheckedKernel? Checked)> CheckAsync(Item item, CancellationToken stop) =>
            workers.RunAsync(() => this.CheckAsync(item.Key, check, item.Kernel, stop), stop);
    }

    /// <summary>Drops the cached outcomes of a deleted object.</summary>
    public void Forget(Digest digest) => _outcomes.Forget(key => key.Object == digest);

    // The item of each kernel.
    private Item[] ItemsOf(Digest digest, IReadOnlyList<Kernel> kernels)
    {
        var items = new Dictionary<RelocationKey, Item>(kernels.Count);
        var places = new Item[kernels.Count];
        for (var i = 0; i < places.Length; i++)
        {
            var key = RelocationKey.Of(digest, kernels[i]);
            ref var item = ref CollectionsMarshal.GetValueRefOrAddDefault(items, key, out _);
            places[i] = item ??= new(key, kernels[i]) { Known = _outcomes.Find(key) };
        }

        return places;
    }

    private KernelFinding Keep(Item item, KernelOutcome outcome)
    {
        _outcomes.Keep(item.Key, outcome);
        return KernelFinding.Of(item.Kernel, outcome);
    }

    // A fault of one kernel in the archive is reported for that kernel and does not stop the others.
    private async Task<(KernelFinding Finding, CheckedKernel? Checked)> CheckAsync(
        RelocationKey key, CompatibilityCheck check, Kernel kernel, CancellationToken cancellation)
    {
        try
        {
            var (outcome, made) = await OutcomeAsync(key, check, kernel, cancellation);
            return (KernelFinding.Of(kernel, outcome), made);
        }
        catch (BlobLostException e)
        {
            return Failed(ProblemKinds.BlobDamaged, e.Message);
        }
        catch (KernelGoneException e)
        {
            return Failed(ProblemKinds.KernelNotFound, e.Message);
        }
        catch (MalformedObjectException e) when (e.Code == MalformedObjectException.InvalidBtf)
        {
            log.LogError(e, "BTF {Btf} of {Kernel} is undamaged but cannot be read", kernel.Btf, kernel.Id);
            return Failed(ProblemKinds.InternalError, $"its BTF {kernel.Btf} cannot be read: {e.Message}");
        }
        catch (MalformedObjectException e)
        {
            throw new RefusedException(Problem.ReportTooLarge(e.Message), e); // the object was read earlier, so the results are too large
        }
        catch (Exception e) when (StorageFault.Of(e) is { } fault)
        {
            log.LogError("BTF {Btf} of {Kernel} cannot be read: {Reason}", kernel.Btf, kernel.Id, e.Message);
            return Failed(ProblemKinds.StorageUnavailable, $"its BTF {kernel.Btf} cannot be read: {fault.Reason}");
        }

        (KernelFinding, CheckedKernel?) Failed(ProblemKind kind, string detail) => (new(kernel, null, new(kind.Code, detail)), null);
    }

    // Concurrent requests share one computation, which counts towards the memory of the request that began it. If that request is refused,
    // or ends while it runs, each of the others computes its own.
    private async Task<(KernelOutcome Outcome, CheckedKernel? Made)> OutcomeAsync(
        RelocationKey key, CompatibilityCheck check, Kernel kernel, CancellationToken cancellation)
    {
        var (isMine, made) = (false, (CheckedKernel?)null);
        try
        {
            return ((await _outcomes.GetAsync(key, BeginAsync, cancellation))!, made);
        }
        catch (Exception e) when (!isMine && IsOfOneRequest(e))
        {
            made = await MakeAsync(check, kernel, cancellation);
            _outcomes.Keep(key, made.Outcome);
            return (made.Outcome, made);
        }

        async Task<KernelOutcome?> BeginAsync(CancellationToken stop)
        {
            isMine = true;
            return (made = await MakeAsync(check, kernel, stop)).Outcome;
        }
    }

    private static bool IsOfOneRequest(Exception e) => e switch
    {
        RefusedException refused => refused.Problem.Kind != ProblemKinds.TimeExceeded, // each computation would take as long
        MalformedObjectException malformed => malformed.Code != MalformedObjectException.InvalidBtf, // its results together are too large
        _ => e is ObjectDisposedException, // its share of the memory
    };

    private async Task<CheckedKernel> MakeAsync(CompatibilityCheck check, Kernel kernel, CancellationToken stop) => await kernels.UseAsync(
        kernel,
        keep: false,
        work => gate.RunAsync(work, stop, isOneOfMany: true),
        (opened, end) =>
        {
            using var memory = new WorkMemory(budget, besideBytes: 0);
            return check.Check(opened.Kernel, kernel.LinuxVersion, bytes => memory.ReachInTime(bytes, end), end);
        },
        stop);

    /// <summary>Kernels with the same key.</summary>
    private sealed record Item(RelocationKey Key, Kernel Kernel)
    {
        public KernelOutcome? Known { get; set; }
        public LayoutGroup? Group { get; set; }
        public int Place { get; set; }
        public Task<KernelFinding>? Finding { get; set; }
    }
}
