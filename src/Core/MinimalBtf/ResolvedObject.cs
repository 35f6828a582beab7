using Relo.Core.Access;
using Relo.Core.Btf;
using Relo.Core.BtfExt;
using Relo.Core.Objects;
using Relo.Core.Relocation;

namespace Relo.Core.MinimalBtf;

/// <summary>What a kernel answers to all records of an object, whatever their instructions are.</summary>
/// <param name="Object">The object.</param>
/// <param name="Kernel">The types that were asked.</param>
/// <param name="Resolutions">The answer to each record; null where there is none.</param>
/// <param name="Failed">The record that libbpf gives up on, or null.</param>
internal sealed record Answers(BpfObject Object, BtfTypes Kernel, Resolution?[] Resolutions, RelocationFailed? Failed)
{
    /// <summary>Asks them in the order they are relocated in; of the kernel alone, as loaders do that are given a BTF file (and bpftool): modules are not searched.</summary>
    public static Answers Ask(BpfObject bpf, BtfTypes kernel, CancellationToken cancellation)
    {
        var work = new WorkBudget(WorkBudget.Default, cancellation);
        var resolutions = new Resolution?[bpf.Records.Length];
        var resolver = new Resolver(bpf, kernel, [], work);
        // Records of no program are skipped by libbpf but used by bpftool. They are asked apart, so that they can drop no
        // candidate of those that libbpf relocates, and one that cannot be answered needs no type.
        var outside = new Resolver(bpf, kernel, [], work);
        foreach (var batch in bpf.Batches)
        {
            resolver.StartOver();
            foreach (var i in batch)
            {
                ref readonly var record = ref bpf.Records[i];
                cancellation.ThrowIfCancellationRequested();
                var answer = (record.Program is null ? outside : resolver).Resolve(record.Spec);
                var isFatal = answer.Resolution is null && record.Program is not null && (!record.IsOptional || answer.Error == Errno.Budget);
                if (isFatal) return new(bpf, kernel, resolutions, Failure.Of(bpf, record, answer.Error, answer.Message));
                resolutions[i] = answer.Resolution;
            }
        }
        return new(bpf, kernel, resolutions, null);
    }

    /// <summary>What was found, each once.</summary>
    public IEnumerable<AccessSpec> Targets() => Resolutions.Select(r => r?.Target).OfType<AccessSpec>().Distinct<AccessSpec>(ReferenceEqualityComparer.Instance);

    /// <summary>Every type of the kernel that was a candidate, also those that did not match.</summary>
    /// <remarks>With a budget of its own, which suffices: <see cref="Ask"/> has done the same search within the like.</remarks>
    public IEnumerable<uint> Candidates(CancellationToken cancellation)
    {
        var search = new CandidateSearch(Object.Types, Kernel, [], new WorkBudget(WorkBudget.Default, cancellation));
        foreach (var root in Object.Specs.Where(s => s.Spec is not null && s.Relo.Kind != CoreReloKind.TypeIdLocal).Select(s => s.Relo.TypeId).Distinct()) search.Find(root);
        return search.Found.Select(c => c.Id);
    }

    /// <summary>Whether every instruction becomes the same, those that hold ids of types aside.</summary>
    public bool Agree(Answers other) => Failed is null && other.Failed is null && Object.Records.All(record => Agree(record, Resolutions[record.Index], other.Resolutions[record.Index]));

    private static bool Agree(CoreRecord record, Resolution? a, Resolution? b)
    {
        if (a is null || b is null) return a == b;
        return (a.Target is null) == (b.Target is null)
            && (a.TargetValue == b.TargetValue || record.Relo.Kind == CoreReloKind.TypeIdTarget)
            && (a.Poison, a.SizeMismatch, a.TargetSize) == (b.Poison, b.SizeMismatch, b.TargetSize);
    }
}
