namespace Relo.Archive;

/// <summary>Finds the kernel that a caller means, in memory; never another one.</summary>
public sealed class KernelResolver(KernelIndex index)
{
    /// <summary>Looks for the kernel in the present snapshot.</summary>
    public KernelResolution Resolve(KernelQuery query) => throw new NotSupportedException($"{index} {query}");
}
