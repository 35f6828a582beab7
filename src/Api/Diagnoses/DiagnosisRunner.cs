using Relo.Api.Http.Limits;
using Relo.Api.Work;
using Relo.Archive.Faults;
using Relo.Archive.Index;
using Relo.Archive.Kernels;
using Relo.Archive.OnDemand;
using Relo.Archive.Opened;
using Relo.Core;
using Relo.Core.Bytes;
using Relo.Core.Diagnoses;
using Relo.Core.Objects;
using Relo.Core.Reachability;
using Relo.Core.Report;

namespace Relo.Api.Diagnoses;

/// <summary>
/// Diagnoses a log on its own kernel, searches other versions of Linux for what is missing, and diagnoses once more with the nearest
/// versions that have a missing field, to compare the layouts.
/// </summary>
internal sealed class DiagnosisRunner(
    KernelOpener kernels, BtfCache cache, KernelIndex index, WorkGate gate, MemoryBudget budget, ILogger<DiagnosisRunner> log)
{
    // The largest number of kernels open besides the diagnosed one.
    private const int MaxEvidence = 4;

    /// <summary>Diagnoses.</summary>
    /// <param name="bytes">The object.</param>
    /// <param name="digest">Its digest.</param>
    /// <param name="text">The log.</param>
    /// <param name="kernel">The kernel.</param>
    /// <param name="version">Its version, as the request states it.</param>
    /// <param name="cancellation">Cancelled when the client disconnects.</param>
    /// <exception cref="MalformedObjectException">The object is malformed, or already relocated.</exception>
    public async Task<KernelDiagnosis> RunAsync(
        ReadOnlyMemory<byte> bytes, Digest digest, ReadOnlyMemory<byte> text, Kernel kernel, KernelVersion? version,
        CancellationToken cancellation)
    {
        using var memory = new WorkMemory(budget, besideBytes: bytes.Length);
        memory.Reach(MemoryNeed.ToRead(bytes.Span));
        BpfObject? bpf = null;
        var first = await OnKernelAsync([]);
        if (!first.Findings.Any(finding => finding.MayBeElsewhere)) return new(first, [], []);

        var (asked, answers) = await AskAsync(bpf!, first.Findings, VersionNeighbours.Of(kernel, index), cancellation);
        var evidence = EvidenceOf(new(first, asked, answers), kernel);
        var final = evidence.Count == 0 ? first : await OnKernelAsync(evidence);
        return new(final, asked, answers);

        Task<Diagnosis> OnKernelAsync(IReadOnlyList<Kernel> others) => kernels.UseAsync(
            kernel, keep: true, work => gate.RunAsync(work, cancellation), (opened, stop) =>
            {
                bpf ??= BpfObject.ReadOriginal(bytes, digest);
                memory.Reach(MemoryNeed.ToRelocate(bpf));
                var on = new DiagnosedKernel(bpf, opened.Kernel, Relocator.Relocate(bpf, opened.Kernel, stop), version);
                return WithOpen(others, open => Diagnoser.Diagnose(on, text, open, stop));
            },
            cancellation);
    }

    /// <summary>Whether other kernels have the subjects of the findings. One that cannot be opened is left out.</summary>
    private async Task<(List<Kernel> Asked, List<IReadOnlyList<bool?>> Answers)> AskAsync(
        BpfObject bpf, IReadOnlyList<Finding> findings, IReadOnlyList<Kernel> others, CancellationToken cancellation)
    {
        var (asked, answers) = (new List<Kernel>(), new List<IReadOnlyList<bool?>>());
        foreach (var other in others)
        {
            try
            {
                answers.Add(await kernels.UseAsync(
                    other, keep: false, work => gate.RunAsync(work, cancellation, isOneOfMany: true),
                    (opened, stop) => Diagnoser.ExistOn(opened.Kernel, bpf, findings, stop), cancellation));
                asked.Add(other);
            }
            catch (Exception e) when (e is BlobLostException or KernelGoneException)
            {
                log.LogWarning("A diagnosis leaves out {Kernel}: {Reason}", other.Id, e.Message);
            }
        }
        return (asked, answers);
    }

    /// <summary>For each missing field, the nearest version that has it.</summary>
    private static List<Kernel> EvidenceOf(KernelDiagnosis diagnosis, Kernel kernel) =>
    [
        .. Enumerable.Range(0, diagnosis.Diagnosis.Findings.Count)
            .Where(i => diagnosis.Diagnosis.Findings[i].Kind == FindingKind.PoisonedRelocation)
            .Select(i => VersionNeighbours.Nearest(kernel, diagnosis.With(i))).OfType<Kernel>()
            .DistinctBy(other => other.Btf).Take(MaxEvidence),
    ];

    // They were opened a moment ago, so their files are on this machine.
    private T WithOpen<T>(IReadOnlyList<Kernel> others, Func<IReadOnlyList<ProposalEvidence>, T> use)
    {
        var leases = new List<(Kernel Kernel, BtfLease Lease)>();
        try
        {
            foreach (var other in others)
                if (TryOpen(other) is { } lease) leases.Add((other, lease));
            return use([.. leases.Select(open => new ProposalEvidence(open.Kernel.Release, open.Lease.Kernel))]);
        }
        finally
        {
            leases.ForEach(open => open.Lease.Dispose());
        }
    }

    private BtfLease? TryOpen(Kernel kernel)
    {
        try
        {
            return cache.OpenWithModules(kernel, keep: false);
        }
        catch (CorruptBlobException e)
        {
            log.LogWarning("A diagnosis leaves out {Kernel}: {Reason}", kernel.Id, e.Message);
            return null;
        }
    }
}
