using System.Buffers.Binary;
using System.Text;

namespace Relo.Archive.KernelFiles.Packages;

/// <summary>
/// One of the two headers of an rpm (signature and metadata): an index of tags and a store of values.
/// <code>
/// 8e ad e8 01 | 0 4 | entries 4 | store bytes 4 | entries × { tag 4, type 4, offset 4, count 4 } | store        all big-endian
/// </code>
/// </summary>
internal readonly ref struct RpmHeader
{
    public const int Name = 1000, Version = 1001, Release = 1002, Distribution = 1010, Vendor = 1011, Arch = 1022;

    private const int IntroBytes = 16, EntryBytes = 16, MaxTextBytes = 256;
    private const uint TextType = 6;

    private readonly ReadOnlySpan<byte> _index, _store;

    private RpmHeader(ReadOnlySpan<byte> index, ReadOnlySpan<byte> store)
    {
        _index = index;
        _store = store;
    }

    public static RpmHeader Read(ReadOnlySpan<byte> rest, string what, out int length)
    {
        if (rest.Length < IntroBytes || !rest.StartsWith((ReadOnlySpan<byte>)[0x8e, 0xad, 0xe8, 0x01]))
            throw new KernelFileException($"the rpm is damaged: its {what} does not begin with 8eade801");
        uint entries = BinaryPrimitives.ReadUInt32BigEndian(rest[8..]), store = BinaryPrimitives.ReadUInt32BigEndian(rest[12..]);
        var room = (uint)(rest.Length - IntroBytes);
        if (entries > room / EntryBytes || store > room - (entries * EntryBytes))
            throw new KernelFileException(
                $"the rpm is truncated: its {what} has {entries} entries and {store} bytes of values, {room} bytes are left");
        var index = rest.Slice(IntroBytes, (int)entries * EntryBytes);
        length = IntroBytes + index.Length + (int)store;
        return new(index, rest.Slice(IntroBytes + index.Length, (int)store));
    }

    /// <summary>The text of a tag, cut if it is long; or an empty string.</summary>
    public string Text(int tag)
    {
        for (var index = _index; !index.IsEmpty; index = index[EntryBytes..])
        {
            if (BinaryPrimitives.ReadInt32BigEndian(index) != tag || BinaryPrimitives.ReadUInt32BigEndian(index[4..]) != TextType) continue;
            var offset = BinaryPrimitives.ReadUInt32BigEndian(index[8..]);
            if (offset >= (uint)_store.Length) return "";
            var value = _store[(int)offset..];
            var end = value.IndexOf((byte)0);
            return end < 0 ? "" : Encoding.UTF8.GetString(value[..Math.Min(end, MaxTextBytes)]);
        }

        return "";
    }
}
