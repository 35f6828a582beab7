using Relo.Core.Btf;

namespace Relo.Core.Access;

/// <summary>The end of an access: everything that its value depends on.</summary>
/// <param name="Types">The BTF of the access.</param>
/// <param name="RootTypeId">The type at which it begins.</param>
/// <param name="Last">The last accessor; default for accesses of a whole type.</param>
/// <param name="BitOffset">Bits from the start of the root.</param>
internal readonly record struct AccessEnd(BtfTypes Types, uint RootTypeId, Accessor Last, uint BitOffset);
