using Relo.Core.Access;
using Relo.Core.Btf;
using Relo.Core.BtfExt;
using Relo.Core.Objects;
using Relo.Core.Relocation;

namespace Relo.Core.MinimalBtf;

/// <summary>The resolutions of all records of an object on one kernel, without their instructions.</summary>
/// <param name="Object">The object.</param>
/// <param name="Kernel">The kernel's types.</param>
/// <param name="Resolutions">The resolution of each record, or null.</param>
/// <param name="Failed">The record on which libbpf fails, or null.</param>
internal sealed record ResolvedObject(BpfObject Object, BtfTypes Kernel, Resolution?[] Resolutions, RelocationFailed? Failed)
{
    /// <summary>
    /// Resolves the records in relocation order. Does not search modules, like bpftool and loaders that are given a BTF file.
    /// </summary>
    public static ResolvedObject Of(BpfObject bpf, BtfTypes kernel, CancellationToken cancellation)
    {
        var work = WorkBudget.For(bpf.Specs.Length, cancellation);
        var resolutions = new Resolution?[bpf.Records.Length];
        var resolver = new Resolver(bpf, kernel, work);
        // libbpf skips records in no program, but bpftool uses them. They are resolved separately, so that they drop no
        // candidate of those that libbpf relocates; one that cannot be resolved needs no type.
        var outside = new Resolver(bpf, kernel, work);
        foreach (var batch in bpf.Batches)
        {
            resolver.StartOver();
            foreach (var i in batch)
            {
                ref readonly var record = ref bpf.Records[i];
                cancellation.ThrowIfCancellationRequested();
                var (resolution, error) = (record.Program is null ? outside : resolver).Resolve(record.Spec);
                var isFatal = record.Program is not null && (!record.IsOptional || error.Number == Errno.Budget);
                if (resolution is null && isFatal) return new(bpf, kernel, resolutions, Failure.Of(bpf, record, error));
                resolutions[i] = resolution;
            }
        }
        return new(bpf, kernel, resolutions, null);
    }

    /// <summary>The target accesses, each once.</summary>
    public IEnumerable<AccessSpec> Targets() =>
        Resolutions.Select(r => r?.Target).OfType<AccessSpec>().Distinct<AccessSpec>(ReferenceEqualityComparer.Instance);

    /// <summary>Every type of the kernel that was a candidate, whether it matched or not.</summary>
    /// <remarks>The budget suffices: <see cref="Of"/> did the same search within an equal one.</remarks>
    public IEnumerable<uint> Candidates(CancellationToken cancellation)
    {
        var search = new CandidateSearch(Object.Types, Kernel, WorkBudget.For(Object.Specs.Length, cancellation));
        var specs = Object.Specs.Where(s => s.Spec is not null && s.Relo.Kind != CoreReloKind.TypeIdLocal);
        foreach (var root in specs.Select(s => s.Relo.TypeId).Distinct()) search.Find(root);
        return search.Found.Select(c => c.Id);
    }

    /// <summary>Whether every instruction gets the same value, apart from type ids.</summary>
    public bool Agree(ResolvedObject other) =>
        Failed is null && other.Failed is null
        && Object.Records.All(record => Agree(record, Resolutions[record.Index], other.Resolutions[record.Index]));

    private static bool Agree(CoreRecord record, Resolution? a, Resolution? b)
    {
        if (a is null || b is null) return a == b;
        return (a.Target is null) == (b.Target is null)
            && (a.TargetValue == b.TargetValue || record.Relo.Kind == CoreReloKind.TypeIdTarget)
            && (a.Poison, a.SizeMismatch, a.TargetSize) == (b.Poison, b.SizeMismatch, b.TargetSize);
    }
}
