namespace Relo.Api.Ops;

/// <summary>Part of section <c>Archive</c>.</summary>
internal sealed class SampleOptions
{
    /// <summary>Whether the sample kernels are added at start.</summary>
    public bool RegisterSamples { get; set; } = true;
}
