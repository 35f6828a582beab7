using Relo.Api.Relocations;
using Relo.Archive.Kernels;
using Relo.Core.Report;

namespace Relo.Api.Compatibility;

/// <summary>Summarises findings. The result does not depend on their order.</summary>
internal sealed class CompatibilitySummary
{
    private readonly ObjectSection _object;
    private readonly string? _perKernel;
    private readonly Dictionary<string, int> _places;
    private readonly Dictionary<object, List<KernelFinding>> _groups = [];

    /// <param name="described">The object.</param>
    /// <param name="name">Its name, if it has one.</param>
    /// <param name="kernels">All kernels of the check, in order.</param>
    /// <param name="perKernel">As in the document.</param>
    public CompatibilitySummary(ObjectReport described, string? name, IReadOnlyList<Kernel> kernels, string? perKernel)
    {
        _perKernel = perKernel;
        _object = ObjectSection.Of(described, name);
        _places = kernels.Select((kernel, place) => (kernel.Id, place)).ToDictionary(p => p.Id, p => p.place, StringComparer.Ordinal);
    }

    /// <summary>The number of findings added.</summary>
    public int Done { get; private set; }

    /// <summary>The number of kernels.</summary>
    public int Kernels => _places.Count;

    /// <summary>Adds the finding of a kernel.</summary>
    public void Add(KernelFinding finding)
    {
        var key = (object?)finding.Outcome ?? finding.Failure!;
        if (!_groups.TryGetValue(key, out var group)) _groups.Add(key, group = []);
        group.Add(finding);
        Done++;
    }

    /// <summary>The document of the added findings.</summary>
    public CompatibilityDocument ToDocument()
    {
        foreach (var group in _groups.Values) group.Sort((one, other) => PlaceOf(one).CompareTo(PlaceOf(other)));
        var groups = _groups.Values.OrderBy(g => Severity(g[0])).ThenByDescending(g => g.Count).ThenBy(g => PlaceOf(g[0]))
            .Select(ToGroup).ToList();
        return new(_object, Done,
            new(Count(KernelVerdict.Ok), Count(KernelVerdict.Guarded), Count(KernelVerdict.Broken), Count(KernelVerdict.Failed)), groups,
            _perKernel);

        int Count(KernelVerdict verdict) => groups.Where(g => g.Verdict == verdict).Sum(g => g.Kernels.Count);
    }

    private int PlaceOf(KernelFinding finding) => _places[finding.Kernel.Id];

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
}
