using Relo.Archive.Kernels;

namespace Relo.Api.Relocations;

/// <summary>A neighbour and the object's result on it.</summary>
internal sealed record NeighbourResult(Kernel Kernel, ObjectProof Proof);
