namespace Relo.Archive.Kernels;

/// <summary>
/// The result of looking for a kernel: <see cref="KernelFound"/>, <see cref="KernelAmbiguous"/>, <see cref="KernelNotFound"/>,
/// <see cref="KernelUnavailable"/> or <see cref="KernelInvalid"/>.
/// </summary>
public abstract record KernelResolution
{
    private protected KernelResolution(IReadOnlyList<string> explanation) => Explanation = explanation;

    /// <summary>Each step that was tried, in words, in order.</summary>
    public IReadOnlyList<string> Explanation { get; init; }
}
