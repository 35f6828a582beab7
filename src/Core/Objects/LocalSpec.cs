using Relo.Core.Access;
using Relo.Core.BtfExt;

namespace Relo.Core.Objects;

/// <summary>An access, parsed once in the object's BTF for all records that share it.</summary>
/// <param name="Relo">One of the records with the access.</param>
/// <param name="Spec">The access, or null if it cannot be parsed.</param>
/// <param name="Error">The reason why it cannot be parsed: a negative errno.</param>
internal readonly record struct LocalSpec(CoreRelo Relo, AccessSpec? Spec, int Error);
