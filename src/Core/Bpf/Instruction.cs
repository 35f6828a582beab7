using System.Buffers.Binary;
using System.Runtime.InteropServices;

namespace Relo.Core.Bpf;

/// <summary>
/// One 8-byte BPF instruction slot: <c>code:8 regs:8 off:16 imm:32</c>. In little-endian objects dst is the low nibble of
/// the second byte, in big-endian ones the high nibble (linux/bpf.h, struct bpf_insn bit fields).
/// </summary>
/// <param name="Code">Opcode.</param>
/// <param name="Dst">Destination register, 0–15.</param>
/// <param name="Src">Source register, 0–15.</param>
/// <param name="Off">Signed offset.</param>
/// <param name="Imm">Signed immediate.</param>
[StructLayout(LayoutKind.Auto)] // 8 bytes: an object may have tens of thousands of fixups, with four instructions each
public readonly record struct Instruction(byte Code, byte Dst, byte Src, short Off, int Imm)
{
    private readonly byte _registers = (byte)((Src << 4) | (Dst & 0xf));

    /// <summary>Bytes per slot.</summary>
    public const int Size = 8;

    /// <summary>Destination register, 0–15.</summary>
    public byte Dst
    {
        get => (byte)(_registers & 0xf);
        init => _registers = (byte)((_registers & 0xf0) | (value & 0xf));
    }

    /// <summary>Source register, 0–15.</summary>
    public byte Src
    {
        get => (byte)(_registers >> 4);
        init => _registers = (byte)((value << 4) | (_registers & 0xf));
    }

    /// <summary>Whether this is the first slot of the two-slot 64-bit immediate load (BPF_LD | BPF_IMM | BPF_DW).</summary>
    public bool IsLoadImm64 => Code == 0x18;

    /// <summary>Reads the slot at the start of <paramref name="bytes"/>.</summary>
    public static Instruction Read(ReadOnlySpan<byte> bytes, bool bigEndian)
    {
        var regs = bytes[1];
        return bigEndian
            ? new(bytes[0], (byte)(regs >> 4), (byte)(regs & 0xf),
                BinaryPrimitives.ReadInt16BigEndian(bytes[2..]), BinaryPrimitives.ReadInt32BigEndian(bytes[4..]))
            : new(bytes[0], (byte)(regs & 0xf), (byte)(regs >> 4),
                BinaryPrimitives.ReadInt16LittleEndian(bytes[2..]), BinaryPrimitives.ReadInt32LittleEndian(bytes[4..]));
    }

    /// <summary>Writes the slot to the start of <paramref name="bytes"/>.</summary>
    public void Write(Span<byte> bytes, bool bigEndian)
    {
        bytes[0] = Code;
        if (bigEndian)
        {
            bytes[1] = (byte)((Dst << 4) | (Src & 0xf));
            BinaryPrimitives.WriteInt16BigEndian(bytes[2..], Off);
            BinaryPrimitives.WriteInt32BigEndian(bytes[4..], Imm);
        }
        else
        {
            bytes[1] = (byte)((Src << 4) | (Dst & 0xf));
            BinaryPrimitives.WriteInt16LittleEndian(bytes[2..], Off);
            BinaryPrimitives.WriteInt32LittleEndian(bytes[4..], Imm);
        }
    }
}
