using Relo.Core.Bpf;
using Relo.Core.Btf;

namespace Relo.Core.Relocation;

/// <summary>Applies a resolution to an instruction (bpf_core_patch_insn of libbpf).</summary>
/// <remarks>
/// Only an instruction that could hold a value is poisoned. A record on a jump, on arithmetic with a register, or on a BPF_LD other than
/// the 64-bit immediate load is a hard error, resolved or not (394ae398337c, 2026-09: "Restrict CO-RE poisoning to relocatable
/// instructions"). Earlier versions of libbpf poison it.
/// </remarks>
internal static class InstructionPatcher
{
    /// <summary>195896080 = 0x0bad2310, "bad relo": the verifier refuses the call with <c>invalid func unknown#195896080</c>.</summary>
    public static Instruction Poison { get; } = new(Code: 0x85, Dst: 0, Src: 0, Off: 0, Imm: 0x0bad2310);

    /// <param name="bytes">The instruction and the rest of its section.</param>
    /// <param name="bigEndian">Byte order of the object.</param>
    /// <param name="instruction">Index of the instruction, for libbpf's messages.</param>
    /// <param name="resolution">The values to apply.</param>
    public static InstructionChange Patch(Span<byte> bytes, bool bigEndian, long instruction, Resolution resolution)
    {
        var (before, hasSecond) = Read(bytes, bigEndian);
        var first = before.First;
        if (first.IsLoadImm64 && !hasSecond) return Refused(before, $"insn #{instruction} (LDIMM64) has unexpected form");

        var patched = (first.Code & Opcode.ClassMask) switch
        {
            Opcode.Alu32 or Opcode.Alu64 => Alu(before, instruction, resolution),
            Opcode.Ldx or Opcode.St or Opcode.Stx => Memory(before, instruction, resolution),
            Opcode.Ld => LoadImm64(before, instruction, resolution),
            _ => Refused(before, $"trying to relocate unrecognized insn #{instruction}, code:0x{first.Code:x}, src:0x{first.Src:x}, "
                + $"dst:0x{first.Dst:x}, off:0x{first.Off:x}, imm:0x{first.Imm:x}"),
        };
        if (patched.Error != 0) return patched;
        patched.After.First.Write(bytes, bigEndian);
        if (first.IsLoadImm64) patched.After.Second.Write(bytes[Instruction.Size..], bigEndian);
        return patched;
    }

    /// <summary>
    /// Poisons an instruction of an optional program that libbpf would refuse, in any form: then loading the program fails, and
    /// nothing else does.
    /// </summary>
    public static InstructionChange Refuse(Span<byte> bytes, bool bigEndian, InstructionChange refused)
    {
        var (before, hasSecond) = Read(bytes, bigEndian);
        var isTwoSlots = hasSecond && before.First.IsLoadImm64;
        Poison.Write(bytes, bigEndian);
        if (isTwoSlots) Poison.Write(bytes[Instruction.Size..], bigEndian);
        return refused with { Before = before, After = (Poison, isTwoSlots ? Poison : before.Second), Poisoned = Miss.Refused };
    }

    private static ((Instruction First, Instruction Second) Slots, bool HasSecond) Read(Span<byte> bytes, bool bigEndian)
    {
        var hasSecond = bytes.Length >= 2 * Instruction.Size;
        var second = hasSecond ? Instruction.Read(bytes[Instruction.Size..], bigEndian) : default;
        return ((Instruction.Read(bytes, bigEndian), second), hasSecond);
    }

    /// <summary>Poisons both slots of a 64-bit load; otherwise the verifier would report "unknown opcode 00" for the second.</summary>
    private static InstructionChange Poisoned((Instruction First, Instruction Second) before, Miss why) =>
        new(before, (Poison, before.First.IsLoadImm64 ? Poison : before.Second), why);

    private static InstructionChange Refused((Instruction, Instruction) before, string? message = null, int error = Errno.EInval) =>
        new(before, before, Miss.None, error, message);

    private static InstructionChange Alu((Instruction First, Instruction Second) before, long instruction, Resolution resolution)
    {
        var insn = before.First;
        if ((insn.Code & Opcode.SourceMask) != Opcode.SourceImm) return Refused(before);
        if (resolution.Poison) return Poisoned(before, resolution.Miss);
        if (resolution.Validate && (ulong)insn.Imm != resolution.LocalValue)
            return Unexpected(before, $"#{instruction} (ALU/ALU64)", (uint)insn.Imm, resolution);
        // As libbpf, which stores the lower 32 bits without a warning.
        return new(before, (insn with { Imm = unchecked((int)resolution.TargetValue) }, before.Second), Miss.None);
    }

    private static InstructionChange Memory((Instruction First, Instruction Second) before, long instruction, Resolution resolution)
    {
        if (resolution.Poison) return Poisoned(before, resolution.Miss);
        var insn = before.First;
        if (resolution.Validate && (ulong)insn.Off != resolution.LocalValue)
            return Unexpected(before, Text(), (uint)insn.Off, resolution);
        if (resolution.TargetValue > (ulong)short.MaxValue)
            return Refused(before, $"insn {Text()} value too big: {resolution.TargetValue}", Errno.ERange);
        if (resolution.SizeMismatch) return Poisoned(before, Miss.SizeChange);

        var moved = insn with { Off = (short)resolution.TargetValue };
        if (resolution.TargetSize == resolution.LocalSize) return new(before, (moved, before.Second), Miss.None);
        var width = 1u << WidthLog2(insn.Code);
        if (width != resolution.LocalSize)
            return Refused(before, $"insn {Text()} unexpected mem size: got {width}, exp {resolution.LocalSize}");
        if (SizeBits(resolution.TargetSize) is not { } size)
            return Refused(before, $"insn {Text()} invalid new mem size: {resolution.TargetSize}");
        return new(before, (moved with { Code = (byte)((moved.Code & ~Opcode.SizeMask) | size) }, before.Second), Miss.None);

        string Text() => $"#{instruction} (LDX/ST/STX)";
    }

    private static InstructionChange LoadImm64((Instruction First, Instruction Second) before, long instruction, Resolution resolution)
    {
        var (first, second) = before;
        if (resolution.Poison && first.IsLoadImm64) return Poisoned(before, resolution.Miss);
        if (!first.IsLoadImm64 || first.Src != 0 || first.Off != 0 || second is not { Code: 0, Dst: 0, Src: 0, Off: 0 })
            return Refused(before, $"insn #{instruction} (LDIMM64) has unexpected form");
        var value = (uint)first.Imm | ((ulong)(uint)second.Imm << 32);
        if (resolution.Validate && value != resolution.LocalValue)
            return Unexpected(before, $"#{instruction} (LDIMM64)", value, resolution);
        var target = resolution.TargetValue;
        return new(before, (first with { Imm = unchecked((int)target) }, second with { Imm = (int)(target >> 32) }), Miss.None);
    }

    private static InstructionChange Unexpected((Instruction, Instruction) before, string instruction, ulong got, Resolution resolution) =>
        Refused(before, $"unexpected insn {instruction} value: got {got}, exp {resolution.LocalValue} -> {resolution.TargetValue}");

    private static int WidthLog2(byte code) => (code & Opcode.SizeMask) switch
    {
        Opcode.Word => 2,
        Opcode.Half => 1,
        Opcode.Byte => 0,
        _ => 3,
    };

    private static int? SizeBits(uint bytes) => bytes switch
    {
        1 => Opcode.Byte,
        2 => Opcode.Half,
        4 => Opcode.Word,
        8 => Opcode.Double,
        _ => null,
    };
}
