using System.Buffers.Binary;

namespace Relo.Archive.KernelFiles.Unpacking;

/// <summary>
/// Reverses xz's filter for x86 code (BCJ). Compression converts the relative target of a call or jump (opcode e8 or e9 and four bytes) to
/// an absolute address, because then all calls of a function look alike; this converts it back.
/// </summary>
/// <remarks>
/// The filter cannot tell opcodes from data, so the format defines a heuristic that both sides share: the last byte of
/// a distance is 00 or ff; and if e8 or e9 is among the three bytes before, an opcode only counts if the byte that the operands would
/// share allows it. <see cref="_recent"/> has a bit for each of those three places, the nearest lowest.
/// </remarks>
internal sealed class X86Filter
{
    private const int InstructionBytes = 5;

    private uint _position; // of the next piece, from the start of the block
    private uint _recent;

    /// <summary>Decodes whole instructions in place.</summary>
    /// <returns>The number of bytes decoded; the caller passes the rest again at the beginning of the next piece.</returns>
    public int Decode(Span<byte> code)
    {
        var at = 0;
        // The position of the last e8 or e9 is not stored: the bits are shifted by one for each byte passed.
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
                var absolute = BinaryPrimitives.ReadUInt32LittleEndian(distance);
                var relative = Relative(absolute, _position + (uint)at + InstructionBytes, _recent);
                BinaryPrimitives.WriteUInt32LittleEndian(distance, relative);
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
        // Four of the eight combinations are never converted: those with two or more earlier opcodes.
        return recent is 1 or 2 or 4 && !IsSign(code[4 - Shared(recent)]);
    }

    private static uint Relative(uint absolute, uint end, uint recent)
    {
        while (true)
        {
            var distance = absolute - end;
            if (recent == 0) return Extended(distance);
            // The byte shared with an earlier opcode must not look like a sign, or the packer would not have converted: it inverted the
            // bytes below until it did not.
            var bits = Shared(recent) * 8;
            if (!IsSign((byte)(distance >> (24 - bits)))) return Extended(distance);
            absolute = distance ^ ((1u << (32 - bits)) - 1);
        }
    }

    // The distance has 25 bits; the seven above repeat its sign.
    private static uint Extended(uint distance) => (uint)((int)(distance << 7) >> 7);

    private static int Shared(uint recent) => recent switch { 1 => 1, 2 or 3 => 2, _ => 3 };

    private static bool IsSign(byte value) => value is 0x00 or 0xff;
}
