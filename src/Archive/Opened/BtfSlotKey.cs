using Relo.Core.Bytes;

namespace Relo.Archive.Opened;

/// <summary>
/// Identifies an opened BTF; for a module's split BTF, together with the opened BTF of its kernel. A kernel that is closed and opened again
/// has a new key.
/// </summary>
internal readonly record struct BtfSlotKey(Digest Btf, BtfSlot? Base);
