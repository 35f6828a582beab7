namespace Relo.Core.Compatibility;

/// <summary>The outcome of an object on one kernel. Kernels with equal outcomes of the same object are one group.</summary>
public abstract record KernelOutcome
{
    private protected KernelOutcome() { }
}
