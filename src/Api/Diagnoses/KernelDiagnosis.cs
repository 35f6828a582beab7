using Relo.Archive.Kernels;
using Relo.Core.Diagnoses;

namespace Relo.Api.Diagnoses;

/// <summary>A diagnosis, with the kernels of the archive that were searched for what is missing.</summary>
/// <param name="Diagnosis">The findings.</param>
/// <param name="Asked">The kernels: one for each version of Linux of the same architecture.</param>
/// <param name="Answers">For each kernel, whether it has the subject of each finding; null where its BTF cannot tell.</param>
internal sealed record KernelDiagnosis(Diagnosis Diagnosis, IReadOnlyList<Kernel> Asked, IReadOnlyList<IReadOnlyList<bool?>> Answers)
{
    /// <summary>The kernels that have the subject of a finding.</summary>
    public IReadOnlyList<Kernel> With(int finding) => [.. Asked.Where((_, i) => Answers[i][finding] == true)];

    /// <summary>The kernels that do not have it.</summary>
    public IReadOnlyList<Kernel> Without(int finding) => [.. Asked.Where((_, i) => Answers[i][finding] == false)];

    /// <summary>The diagnosis, with the other kernels in its findings.</summary>
    public Diagnosis WithElsewhere() => Diagnosis with
    {
        Findings = [.. Diagnosis.Findings.Select((finding, i) => finding with { Elsewhere = ElsewhereOf(i) })],
    };

    private Elsewhere? ElsewhereOf(int finding) => Diagnosis.Findings[finding].MayBeElsewhere && Asked.Count > 0
        ? new([.. With(finding).Select(kernel => kernel.Id)], [.. Without(finding).Select(kernel => kernel.Id)])
        : null;
}
