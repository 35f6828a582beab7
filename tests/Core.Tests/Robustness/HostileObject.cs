using System.Buffers.Binary;
using System.Text;

namespace Relo.Core.Tests.Robustness;

/// <summary>Writes small ELF and BTF files that are sound in form and out of proportion in content. Little-endian.</summary>
/// <param name="names">What the section name table begins with.</param>
internal sealed class HostileObject(byte[]? names = null)
{
    private readonly List<(uint Name, uint Type, ulong Flags, byte[] Data, uint Link, ulong EntrySize)> _sections = [(0, 0, 0, [], 0, 0)];
    private byte[] _nameTable = names ?? [0];

    /// <summary>Adds a section; gives its index.</summary>
    public int Section(string name, uint type, byte[] data, ulong flags = 0, uint link = 0, ulong entrySize = 0) =>
        Section(NameOf(name), type, data, flags, link, entrySize);

    public int Section(uint name, uint type, byte[] data, ulong flags = 0, uint link = 0, ulong entrySize = 0)
    {
        _sections.Add((name, type, flags, data, link, entrySize));
        return _sections.Count - 1;
    }

    /// <summary>Appends to the section name table; gives the offset.</summary>
    public uint NameOf(string name)
    {
        var at = (uint)_nameTable.Length;
        _nameTable = [.. _nameTable, .. Encoding.UTF8.GetBytes(name), 0];
        return at;
    }

    public byte[] ToArray()
    {
        var names = Section(NameOf(".shstrtab"), 3, []);
        _sections[names] = _sections[names] with { Data = _nameTable };
        var file = new MemoryStream();
        file.Write(new byte[64]);
        var offsets = _sections.ConvertAll(
            s => { var at = file.Position; file.Write(s.Data); file.Write(new byte[(-file.Position) & 7]); return at; });
        var table = file.Position;
        for (var i = 0; i < _sections.Count; i++)
        {
            var (name, type, flags, data, link, entrySize) = _sections[i];
            var size = (ulong)data.Length;
            // Extended numbering: section 0 holds counts that do not fit the header.
            if (i == 0) (size, link) = ((ulong)_sections.Count, (uint)names);
            file.Write(Words(name, type));
            file.Write(Longs(flags, 0, i == 0 ? 0 : (ulong)offsets[i], size));
            file.Write(Words(link, 0));
            file.Write(Longs(4, entrySize));
        }
        var bytes = file.ToArray();
        new byte[] { 0x7f, (byte)'E', (byte)'L', (byte)'F', 2, 1, 1 }.CopyTo(bytes, 0);
        BinaryPrimitives.WriteUInt16LittleEndian(bytes.AsSpan(16), 1);
        BinaryPrimitives.WriteUInt16LittleEndian(bytes.AsSpan(18), 247);
        BinaryPrimitives.WriteInt64LittleEndian(bytes.AsSpan(40), table);
        BinaryPrimitives.WriteUInt16LittleEndian(bytes.AsSpan(52), 64);
        BinaryPrimitives.WriteUInt16LittleEndian(bytes.AsSpan(58), 64);
        BinaryPrimitives.WriteUInt16LittleEndian(bytes.AsSpan(60), 0);
        BinaryPrimitives.WriteUInt16LittleEndian(bytes.AsSpan(62), 0xffff);
        return bytes;
    }

    /// <summary>Raw BTF of types (as words) and strings.</summary>
    public static byte[] RawBtf(IEnumerable<uint> types, byte[] strings)
    {
        var body = Words([.. types]);
        return [.. Words(0x0001eb9f, 24, 0, (uint)body.Length, (uint)body.Length, (uint)strings.Length), .. body, .. strings];
    }

    /// <summary>A .BTF.ext of line records and CO-RE records, each a sequence of words after its record size.</summary>
    public static byte[] RawExt(uint[] lines, uint[] cores) =>
        [.. Words(0x0001eb9f, 32, 0, 0, 0, (uint)lines.Length * 4, (uint)lines.Length * 4, (uint)cores.Length * 4), .. Words(lines),
            .. Words(cores)];

    public static byte[] Symbol(uint name, byte info, ushort section, ulong value, ulong size) =>
        [.. Words(name), info, 0, (byte)section, (byte)(section >> 8), .. Longs(value, size)];

    public static byte[] Words(params uint[] words)
    {
        var bytes = new byte[words.Length * 4];
        Buffer.BlockCopy(words, 0, bytes, 0, bytes.Length);
        return bytes;
    }

    private static byte[] Longs(params ulong[] longs)
    {
        var bytes = new byte[longs.Length * 8];
        Buffer.BlockCopy(longs, 0, bytes, 0, bytes.Length);
        return bytes;
    }
}
