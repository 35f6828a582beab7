using Microsoft.Extensions.Options;
using Relo.Api.Caching;
using Relo.Api.Http.Limits;
using Relo.Api.Http.Problems;
using Relo.Api.Inputs;
using Relo.Api.Work;
using Relo.Archive.Kernels;
using Relo.Archive.OnDemand;
using Relo.Core;
using Relo.Core.Bytes;
using Relo.Core.Objects;
using Relo.Core.Reachability;
using Relo.Core.Relocation;
using Relo.Core.Report;

namespace Relo.Api.Relocations;

/// <summary>
/// Computes relocations for all routes. A relocation is a pure function of the two digests (and those of the kernel's modules), so results
/// are cached and concurrent requests share one computation.
/// </summary>
internal sealed class RelocationRunner(
    KernelOpener kernels, WorkGate gate, MemoryBudget budget, LayoutKeys layouts, IOptions<ResultOptions> options)
{
    private readonly SingleFlightCache<RelocationKey, Result> _results =
        new(options.Value.ResultBytes, result => result.SizeBytes, isOfOneCaller: RefusedException.IsOfOneClient);

    /// <summary>Counters of the cache.</summary>
    public CacheTally Tally => _results.Tally;

    /// <summary>Relocates for a kernel with the version in its name.</summary>
    /// <param name="found">The object; read only if the result is not cached.</param>
    /// <param name="kernel">The kernel.</param>
    /// <param name="cancellation">Cancelled when the client disconnects. The work then stops, unless other requests wait for it.</param>
    /// <param name="keep">Whether to cache a new result and the opened kernel. False for requests over thousands of kernels, which would
    /// evict what nodes need.</param>
    /// <param name="isReportRead">
    /// False if only the object, the verdict and the checks are read. They may then come from another kernel on which the object reads the
    /// same layouts, without opening this one.
    /// </param>
    public Task<RelocationResult> RunAsync(
        FoundObject found, Kernel kernel, CancellationToken cancellation, bool keep = true, bool isReportRead = true)
        => RunAsync(found, kernel, kernel.LinuxVersion, cancellation, keep, isReportRead);

    /// <summary>The same; the request may state the version more precisely than the kernel's name.</summary>
    public async Task<RelocationResult> RunAsync(
        FoundObject found, Kernel kernel, KernelVersion? version, CancellationToken cancellation, bool keep = true,
        bool isReportRead = true)
    {
        var (key, digest) = (RelocationKey.Of(found.Digest, kernel, version), found.Digest);
        var result = (isReportRead ? null : FindShared(key, kernel))
            ?? await _results.GetAsync(key, stop => MakeAsync(key, kernel, found, keep, isReportRead, stop), cancellation, keep);
        return result switch
        {
            // Several kernels may share this BTF or this result, so it names the caller's kernel.
            Made made => new RelocationMade(new CompletedRelocation(digest, kernel, made.PatchedBytes, made.PatchedDigest, made.Report,
                made.Btf == key.Btf ? made.Addresses : RelocationAddresses.Of(key, made.Report))),
            Refused refused => new RelocationRefused(refused.Failure, kernel),
            null => new ObjectUnknown(digest.ToString()),
            var other => throw new InvalidOperationException(other.GetType().Name),
        };
    }

    /// <summary>Drops the cached relocations of a deleted object.</summary>
    public void Forget(Digest digest) => _results.Forget(key => key.Object == digest);

    private Result? FindShared(RelocationKey key, Kernel kernel)
    {
        if ((_results.Find(key) ?? _results.Find(key.Shared())) is { } known) return known;
        if (layouts.Find(key, kernel) is not { } ofLayouts || _results.Find(ofLayouts) is not { } same) return null;
        _results.Keep(key.Shared(), same);
        return same;
    }

    private async Task<Result?> MakeAsync(
        RelocationKey key, Kernel kernel, FoundObject found, bool keep, bool isReportRead, CancellationToken stop)
    {
        using var read = budget.Share(MemoryUse.Work).Take(found.Parsed is null ? found.TakenBytes : 0);
        if ((found.Parsed?.Bytes ?? await found.Read(stop)) is not { } bytes) return null;
        var result = await kernels.UseAsync(
            kernel, keep, work => gate.RunAsync(work, stop, isOneOfMany: !keep),
            (opened, end) => Make(key, bytes, found.Parsed, opened.Kernel, isOneOfMany: !keep, isReportRead, end), stop);
        if (keep && !isReportRead && result is Made made && layouts.Find(key, kernel) is { } ofLayouts) _results.Keep(ofLayouts, made);
        return result;
    }

    private Result Make(RelocationKey key, ReadOnlyMemory<byte> bytes, BpfObject? parsed, KernelTypes types, bool isOneOfMany,
        bool isReportRead, CancellationToken stop)
    {
        using var memory = new WorkMemory(budget, besideBytes: bytes.Length);
        if (parsed is null) Reach(MemoryNeed.ToRead(bytes.Span));
        var bpf = parsed ?? BpfObject.ReadOriginal(bytes, key.Object);
        Reach(MemoryNeed.ToRelocate(bpf));
        if (!isOneOfMany && !isReportRead) layouts.Note(bpf);
        switch (Relocator.Relocate(bpf, types, stop))
        {
            case Relocated relocated:
                Reach(MemoryNeed.ToReport(bpf, relocated));
                var report = ReportBuilder.Build(bpf, relocated, key.Version, stop);
                return new Made(key.Btf, relocated.PatchedBytes, Digest.Of(relocated.PatchedBytes.Span), report,
                    RelocationAddresses.Of(key, report));
            case RelocationFailed failed:
                return new Refused(failed);
            case var other:
                throw new InvalidOperationException(other.GetType().Name);
        }

        void Reach(long totalBytes)
        {
            if (isOneOfMany) memory.ReachInTime(totalBytes, stop);
            else memory.Reach(totalBytes);
        }
    }

    private abstract record Result(long SizeBytes);

    private sealed record Made(
        Digest Btf, ReadOnlyMemory<byte> PatchedBytes, Digest PatchedDigest, RelocationReport Report, RelocationAddresses? Addresses)
        : Result(ResultSize.Of(PatchedBytes, Report, Addresses));

    private sealed record Refused(RelocationFailed Failure) : Result(ResultSize.Of(Failure));
}
