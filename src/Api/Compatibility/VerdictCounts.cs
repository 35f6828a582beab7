namespace Relo.Api.Compatibility;

/// <summary>The number of kernels by verdict.</summary>
/// <param name="Ok">Every access exists.</param>
/// <param name="Guarded">Some accesses do not exist, and none of them can be reached.</param>
/// <param name="Broken">An access that can be reached does not exist.</param>
/// <param name="Failed">libbpf would refuse the object, or the kernel's BTF could not be read.</param>
internal sealed record VerdictCounts(int Ok, int Guarded, int Broken, int Failed);
