using Relo.Core.Btf;
using Relo.Core.Bytes;
using Relo.Core.Checks;
using Relo.Core.Objects;
using Relo.Core.Proposals;
using Relo.Core.Relocation;

namespace Relo.Core.Diagnoses;

/// <summary>Diagnoses the log of a loader or of the verifier.</summary>
public static class Diagnoser
{
    // Records that findings may name, all together; each is a number of the response. Real logs name a few hundred.
    private const int MaxNamed = 1 << 22;

    /// <summary>The findings of a log.</summary>
    /// <param name="on">The object on the kernel. The kernel's types must be open.</param>
    /// <param name="log">The log: any bytes. Time and memory are linear in its length.</param>
    /// <param name="evidence">Other kernels, for proposals of what replaced a missing field; their types must be open.</param>
    /// <param name="cancellation">Cancels the work.</param>
    /// <exception cref="MalformedObjectException">The findings name more records than a response may.</exception>
    public static Diagnosis Diagnose(
        DiagnosedKernel on, ReadOnlyMemory<byte> log, IReadOnlyList<ProposalEvidence> evidence, CancellationToken cancellation = default)
    {
        var read = LogReader.Read(log, cancellation);
        var mapping = new LogMapping(on, evidence, new WorkBudget(ProposalSearch.Steps, cancellation), cancellation);
        var named = 0;
        var findings = Merged(read.Messages.Select(message =>
        {
            cancellation.ThrowIfCancellationRequested();
            var finding = mapping.Map(message);
            return (named += finding.Relocations.Count) <= MaxNamed ? finding : throw TooManyNamed();
        }));
        return new(findings, read.Lines, read.MessageCount, read.UnknownCount,
            [.. read.Unknown.Select(line => new UnknownLine(line.Number, line.Text))]);
    }

    /// <summary>
    /// Which of the findings' subjects exist on another kernel, in the order of the findings; null where its BTF cannot tell.
    /// </summary>
    public static IReadOnlyList<bool?> ExistOn(
        KernelTypes kernel, BpfObject bpf, IReadOnlyList<Finding> findings, CancellationToken cancellation = default)
    {
        var work = WorkBudget.For(findings.Count, cancellation);
        var resolver = new Resolver(bpf, kernel, work);
        var signs = new IndicatorReader(bpf, new KernelIndicators(kernel), version: null);
        return [.. findings.Select(Exists)];

        bool? Exists(Finding finding)
        {
            if (finding.Spec is { } spec) return resolver.Resolve(spec).Resolution is { } found ? found.Target is not null : null;
            if (finding.Need is not { } need) return null;
            return signs.Read(need).Status switch
            {
                CheckStatus.Present => true,
                CheckStatus.Absent => false,
                _ => null,
            };
        }
    }

    // A loader reports the same several times: a summary without the instruction, then the verifier's log.
    private static List<Finding> Merged(IEnumerable<Finding> findings)
    {
        var merged = new List<Finding>();
        foreach (var finding in findings)
        {
            var at = merged.FindIndex(known => known.Kind == finding.Kind && IsSame(known, finding));
            if (at < 0)
            {
                merged.Add(finding);
                continue;
            }
            var (one, other) = IsNarrower(finding, merged[at]) ? (finding, merged[at]) : (merged[at], finding);
            merged[at] = one with { Lines = [.. one.Lines.Concat(other.Lines).Distinct().Order()] };
        }
        return merged;
    }

    private static bool IsSame(Finding one, Finding other)
    {
        if (one.Program is not null && other.Program is not null && one.Program != other.Program) return false;
        if (one.Relocations.Count > 0 || other.Relocations.Count > 0)
            return AreAmong(one.Relocations, other.Relocations) || AreAmong(other.Relocations, one.Relocations);
        return one.Local == other.Local && one.Instruction == other.Instruction && one.Explanation == other.Explanation;
    }

    private static MalformedObjectException TooManyNamed() => new(
        MalformedObjectException.MalformedObject, ".BTF.ext", 0,
        $"the findings of the log name more than {MaxNamed} CO-RE records, the limit: its programs share more of them than any compiler "
        + "writes");

    // The first decides mostly; there may be a hundred thousand.
    private static bool AreAmong(IReadOnlyList<int> few, IReadOnlyList<int> many) =>
        few.Count > 0 && many.Contains(few[0]) && !few.Except(many).Any();

    private static bool IsNarrower(Finding one, Finding other) => one.Relocations.Count < other.Relocations.Count;
}
