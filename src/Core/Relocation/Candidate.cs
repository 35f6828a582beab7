using Relo.Core.Btf;

namespace Relo.Core.Relocation;

/// <summary>A kernel type that a local type may stand for.</summary>
/// <param name="Types">The BTF it is in.</param>
/// <param name="Id">Its id there.</param>
public readonly record struct Candidate(BtfTypes Types, uint Id);
