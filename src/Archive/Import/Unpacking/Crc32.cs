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
        foreach (var b in bytes) state = _table[(byte)(state ^ b)] ^ (state >> 8);
        _state = state;
    }

    private static uint[] Table()
    {
        var table = new uint[256];
        for (var i = 0u; i < table.Length; i++)
        {
            var value = i;
            for (var bit = 0; bit < 8; bit++) value = (value >> 1) ^ ((value & 1) * 0xedb88320);
            table[i] = value;
        }

        return table;
    }
}
