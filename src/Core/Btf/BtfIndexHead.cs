using System.Numerics;
using System.Runtime.InteropServices;
using Relo.Core.Bytes;

namespace Relo.Core.Btf;

/// <summary>The first bytes of an index: its BTF and the lengths of its parts.</summary>
[StructLayout(LayoutKind.Sequential, Pack = 8)]
internal readonly struct BtfIndexHead
{
    public const int Size = 128;

    /// <summary>The checksum covers everything except the magic, the version and itself.</summary>
    public const int CheckedFrom = 16;

    /// <summary>
    /// Incremented when the format or the hash of names changes; an index of another version is rebuilt.
    /// </summary>
    private const uint CurrentVersion = 4;

    private static readonly ulong Magic = MemoryMarshal.Read<ulong>("\nRELOidx"u8);

    private readonly ulong _magic;
    private readonly uint _version;
    private readonly uint _checksum;
    private readonly long _btfLength;
    private readonly long _stamp;
    private readonly uint _firstId;
    private readonly uint _types;
    private readonly uint _buckets;
    private readonly uint _entries;
    private readonly uint _pointerSize;
    private readonly uint _symbolBytes;
    private readonly Hash _btf;
    private readonly Hash _base;

    private BtfIndexHead(BtfTypes types, BtfIndexKey key)
    {
        (_magic, _version) = (Magic, CurrentVersion);
        (_btfLength, _stamp) = (types.Bytes.Length, key.Stamp);
        (_firstId, _types, _pointerSize) = (types.FirstId, (uint)types.WordOffsets.Length, (uint)types.PointerSize);
        (_buckets, _entries) = ((uint)types.Index.Starts.Length - 1, (uint)types.Index.Entries.Length);
        _symbolBytes = (uint)types.Symbols.Bytes.Length;
        (_btf, _base) = (new(key.Btf), new(key.Base));
    }

    private BtfIndexHead(BtfIndexHead head, uint checksum)
    {
        this = head;
        _checksum = checksum;
    }

    public uint Checksum => _checksum;

    public long Stamp => _stamp;

    public uint FirstId => _firstId;

    public uint Types => _types;

    public uint Entries => _entries;

    public uint PointerSize => _pointerSize;

    public long OffsetBytes => _types * 4L;

    public long StartBytes => (_buckets + 1L) * 4;

    public long SymbolsAt => Size + OffsetBytes + StartBytes + (_entries * (long)NameEntry.Size);

    public long FileSize => SymbolsAt + _symbolBytes;

    public static BtfIndexHead Of(BtfTypes types, BtfIndexKey key) => new(types, key);

    /// <returns>Null if it is not an index, or has another version.</returns>
    public static BtfIndexHead? Read(ReadOnlySpan<byte> file) =>
        ReadAny(file) is { } head && head._version == CurrentVersion && BitOperations.IsPow2(head._buckets) ? head : null;

    public static bool IsOfAnotherVersion(ReadOnlySpan<byte> file) => ReadAny(file) is { } head && head._version != CurrentVersion;

    private static BtfIndexHead? ReadAny(ReadOnlySpan<byte> file) =>
        file.Length >= Size && MemoryMarshal.Read<BtfIndexHead>(file) is { } head && head._magic == Magic ? head : null;

    public bool IsOf(BtfIndexKey key, int btfLength) =>
        _btfLength == btfLength && _stamp == key.Stamp && _btf == new Hash(key.Btf) && _base == new Hash(key.Base);

    /// <summary>
    /// Writes the head before the parts of an index, with the checksum of the whole file. The bytes after its fields, up to
    /// <see cref="Size"/>, become zero.
    /// </summary>
    public void Seal(Span<byte> file)
    {
        file[..Size].Clear();
        MemoryMarshal.Write(file, this);
        MemoryMarshal.Write(file, new BtfIndexHead(this, Crc.Of(file[CheckedFrom..])));
    }

    /// <summary>The 32 bytes of a digest; zeros if there is none.</summary>
    private readonly record struct Hash(ulong A, ulong B, ulong C, ulong D)
    {
        public Hash(Digest? digest)
            : this(0, 0, 0, 0)
        {
            if (digest is { } some) this = MemoryMarshal.Read<Hash>(some.ToBytes());
        }
    }
}
