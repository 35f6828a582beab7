using System.Text.Json.Serialization;

namespace Relo.Api.Compatibility;

/// <summary>Numbers of kernels.</summary>
/// <param name="Ok">Every access has its place.</param>
/// <param name="Guarded">Some have not, and can never be reached.</param>
/// <param name="Broken">One that can be reached has not.</param>
/// <param name="Failed">libbpf would refuse the object, or the kernel's BTF could not be read.</param>
internal sealed record VerdictCounts(int Ok, int Guarded, int Broken, int Failed);
