using Relo.Core.Bytes;

namespace Relo.Core.Btf;

/// <summary>Which BTF an index is of.</summary>
/// <param name="Btf">Digest of the BTF.</param>
/// <param name="Base">Digest of the base of split BTF.</param>
/// <param name="Stamp">What the caller knows about the bytes without reading them, such as the time their file was written; an index
/// with another stamp is not used.</param>
public readonly record struct BtfIndexKey(Digest Btf, Digest? Base, long Stamp);
