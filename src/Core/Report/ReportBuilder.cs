namespace Relo.Core.Report;

/// <summary>Puts what was computed into the shape of the contract; computes nothing itself.</summary>
public static class ReportBuilder
{
    /// <summary>The report of <paramref name="relocated"/>, which must be the outcome of relocating <paramref name="bpf"/>.</summary>
    public static RelocationReport Build(BpfObject bpf, Relocated relocated) => throw new NotSupportedException();
}
