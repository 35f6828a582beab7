using Relo.Api.Relocations;
using Relo.Core.Report;

namespace Relo.Api.Compatibility;

/// <summary>Summarises findings.</summary>
/// <param name="described">The object.</param>
/// <param name="name">Its name, if it has one.</param>
/// <param name="kernels">The number of kernels of the check.</param>
/// <param name="perKernel">As in the document.</param>
internal sealed class CompatibilitySummary(ObjectReport described, string? name, int kernels, string? perKernel)
{
    private readonly ObjectSection _object = ObjectSection.Of(described, name);
    private readonly Dictionary<object, Group> _groups = [];
    private (object Key, Group Group)? _last; // consecutive kernels mostly have the same outcome

    /// <summary>The number of findings added.</summary>
    public int Done { get; private set; }

    /// <summary>The number of kernels.</summary>
    public int Kernels => kernels;

    /// <summary>Adds the finding of the next kernel in order.</summary>
    public void Add(KernelFinding finding)
    {
        var key = (object?)finding.Outcome ?? finding.Failure!;
        if (_last is not { } last || !ReferenceEquals(last.Key, key))
        {
            if (!_groups.TryGetValue(key, out var group)) _groups.Add(key, group = new(Done, []));
            _last = last = (key, group);
        }

        last.Group.Findings.Add(finding);
        Done++;
    }

    /// <summary>The document of the added findings.</summary>
    public CompatibilityDocument ToDocument()
    {
        var groups = _groups.Values.OrderBy(g => Severity(g.Findings[0])).ThenByDescending(g => g.Findings.Count).ThenBy(g => g.First)
            .Select(g => ToGroup(g.Findings)).ToList();
        return new(_object, Done,
            new(Count(KernelVerdict.Ok), Count(KernelVerdict.Guarded), Count(KernelVerdict.Broken), Count(KernelVerdict.Failed)), groups,
            perKernel);

        int Count(KernelVerdict verdict) => groups.Where(g => g.Verdict == verdict).Sum(g => g.Kernels.Count);
    }

    private static CompatibilityGroup ToGroup(List<KernelFinding> findings)
    {
        var outcome = findings[0].Outcome;
        return new(findings[0].Verdict, outcome?.PatchedDigest, [.. findings.Select(f => f.Kernel.Id)], outcome?.Missing ?? [],
            outcome?.FieldChanges ?? [], outcome?.Checks ?? [], findings[0].Failure);
    }

    private static int Severity(KernelFinding finding) => finding.Verdict switch
    {
        KernelVerdict.Broken => 0,
        KernelVerdict.Failed => 1,
        _ when finding.Outcome!.IsLacking => 2,
        KernelVerdict.Guarded => 3,
        KernelVerdict.Ok => 4,
        _ => throw new ArgumentOutOfRangeException(nameof(finding), finding.Verdict, null),
    };

    /// <param name="First">The place of its first kernel among all.</param>
    /// <param name="Findings">The findings of its kernels.</param>
    private sealed record Group(int First, List<KernelFinding> Findings);
}
