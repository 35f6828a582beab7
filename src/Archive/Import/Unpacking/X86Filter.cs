using System.Buffers.Binary;

namespace Relo.Archive.Import.Unpacking;

/// <summary>
/// Undoes the filter that xz applies to x86 code (BCJ). Packing turns the distance of a call or jump (opcode e8 or e9 and four bytes) into the
/// absolute place it leads to, because calls of one function then look alike; here the place becomes a distance again.
/// </summary>
/// <remarks>
/// What is an opcode and what only looks like one can't be told, so the format guesses, and both sides must guess alike: the last byte of
/// a distance is 00 or ff; and where e8 or e9 stood among the three bytes before, an opcode is only believed in when the
/// byte that its four would share with them says so. <see cref="_recent"/> has a bit for each of those three places, the nearest lowest.
/// </remarks>
internal sealed class X86Filter
{
    private const int InstructionBytes = 5;

    private uint _position; // of the next piece, from the start of the block
    private uint _recent;

    /// <summary>Decodes in place as far as whole instructions are there.</summary>
    /// <returns>How many bytes are done; the others come again, at the beginning of the next piece.</returns>
    public int Decode(Span<byte> code)
    {
        var at = 0;
        // Position of the last e8 or e9 is not kept: the bits say what is needed, moved on by one for each byte passed.
        for (; at <= code.Length - InstructionBytes; at++)
        {
            if ((code[at] & 0xfe) != 0xe8)
            {
                _recent = (_recent << 1) & 7;
                continue;
            }

            if (IsInstruction(code[at..], _recent))
            {
                var distance = code.Slice(at + 1, 4);
                BinaryPrimitives.WriteUInt32LittleEndian(distance, Relative(BinaryPrimitives.ReadUInt32LittleEndian(distance), _position + (uint)at + InstructionBytes, _recent));
                at += InstructionBytes - 1;
                _recent = 0;
            }
            else
            {
                _recent = ((_recent << 1) | 1) & 7;
            }
        }

        _position += (uint)at;
        return at;
    }

    private static bool IsInstruction(ReadOnlySpan<byte> code, uint recent)
    {
        if (!IsSign(code[4])) return false;
        if (recent == 0) return true;
        // Of the eight combinations four are never converted: two or more earlier opcodes, but for nearest and no other.
        return recent is 1 or 2 or 4 && !IsSign(code[4 - Shared(recent)]);
    }

    private static uint Relative(uint absolute, uint end, uint recent)
    {
        while (true)
        {
            var distance = absolute - end;
            if (recent == 0) return Extended(distance);
            // The byte shared with an earlier opcode must not look like a sign, or the packer would not have converted: it inverted the bytes below until it did not.
            var bits = Shared(recent) * 8;
            if (!IsSign((byte)(distance >> (24 - bits)))) return Extended(distance);
            absolute = distance ^ ((1u << (32 - bits)) - 1);
        }
    }

    // 25 bits are the distance, the seven above repeat its sign.
    private static uint Extended(uint distance) => (uint)((int)(distance << 7) >> 7);

    private static int Shared(uint recent) => recent switch { 1 => 1, 2 or 3 => 2, _ => 3 };

    private static bool IsSign(byte value) => value is 0x00 or 0xff;
}
