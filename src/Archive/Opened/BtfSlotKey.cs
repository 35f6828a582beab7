using Relo.Core.Bytes;

namespace Relo.Archive.Opened;

/// <summary>
/// What is opened: a BTF, and for a module's split BTF the opened BTF of its kernel. A kernel that is closed and opened again is another key.
/// </summary>
internal readonly record struct BtfSlotKey(Digest Btf, BtfSlot? Base);
