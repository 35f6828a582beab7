using Relo.Core.Bytes;

namespace Relo.Core.Btf;

/// <summary>The BTF that an index belongs to.</summary>
/// <param name="Btf">Digest of the BTF.</param>
/// <param name="Base">Digest of the base of split BTF.</param>
/// <param name="Stamp">A value that changes with the bytes and is known without reading them, such as the modification time of their file.
/// An index with another stamp is not used.</param>
public readonly record struct BtfIndexKey(Digest Btf, Digest? Base, long Stamp);
