using Relo.Core.Access;
using Relo.Core.BtfExt;

namespace Relo.Core.Objects;

/// <summary>An access that records ask for, spelled out in the object's BTF once for all of them.</summary>
/// <param name="Relo">A record that asks for it.</param>
/// <param name="Spec">The access, or null when it can't be read.</param>
/// <param name="Error">Why not: a negative errno.</param>
internal readonly record struct LocalSpec(CoreRelo Relo, AccessSpec? Spec, int Error);
