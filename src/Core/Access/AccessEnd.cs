using Relo.Core.Btf;

namespace Relo.Core.Access;

/// <summary>Where an access ends: all that its value depends on.</summary>
/// <param name="Types">The BTF it is in.</param>
/// <param name="RootTypeId">The type it begins at.</param>
/// <param name="Last">The last turning point; nothing for accesses of a whole type.</param>
/// <param name="BitOffset">Bits from the start of the root.</param>
internal readonly record struct AccessEnd(BtfTypes Types, uint RootTypeId, Accessor Last, uint BitOffset);
