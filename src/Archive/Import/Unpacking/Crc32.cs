using System.Buffers.Binary;

namespace Relo.Archive.Import.Unpacking;

/// <summary>The CRC of xz, gzip and Ethernet (polynomial 0x04c11db7, reflected).</summary>
internal sealed class Crc32
{
    private static readonly uint[] _table = Table();

    private uint _state = uint.MaxValue;

    public uint Value => ~_state;

    public static uint Of(ReadOnlySpan<byte> bytes)
    {
        var crc = new Crc32();
        crc.Add(bytes);
        return crc.Value;
    }

    public void Add(ReadOnlySpan<byte> bytes)
    {
        var state = _state;
        // Eight bytes at a time: the table of a byte that has n others after it is n times 256 further.
        for (; bytes.Length >= 8; bytes = bytes[8..])
        {
            var (low, high) = (BinaryPrimitives.ReadUInt32LittleEndian(bytes) ^ state, BinaryPrimitives.ReadUInt32LittleEndian(bytes[4..]));
            state = _table[0x700 + (byte)low] ^ _table[0x600 + (byte)(low >> 8)] ^ _table[0x500 + (byte)(low >> 16)] ^ _table[0x400 + (int)(low >> 24)]
                ^ _table[0x300 + (byte)high] ^ _table[0x200 + (byte)(high >> 8)] ^ _table[0x100 + (byte)(high >> 16)] ^ _table[(int)(high >> 24)];
        }

        foreach (var b in bytes) state = _table[(byte)(state ^ b)] ^ (state >> 8);
        _state = state;
    }

    private static uint[] Table()
    {
        var table = new uint[8 * 256];
        for (var i = 0u; i < 256; i++)
        {
            var value = i;
            for (var bit = 0; bit < 8; bit++) value = (value >> 1) ^ ((value & 1) * 0xedb88320);
            table[i] = value;
        }

        for (var i = 256; i < table.Length; i++) table[i] = table[(byte)table[i - 256]] ^ (table[i - 256] >> 8);

        return table;
    }
}
