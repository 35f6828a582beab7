using Relo.Core.Bytes;

namespace Relo.Archive.Opened;

/// <summary>
/// Identifies an opened BTF; for split BTF (of a module, of inline sites), together with its opened base. A kernel that is closed and
/// opened again has a new key.
/// </summary>
internal readonly record struct BtfSlotKey(Digest Btf, BtfSlot? Base);
