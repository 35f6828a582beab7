using Relo.Core.Bpf;
using Relo.Core.Btf;

namespace Relo.Core.Relocation;

/// <summary>Puts a resolution into an instruction (bpf_core_patch_insn of libbpf).</summary>
/// <remarks>
/// Only an instruction that could hold a value is poisoned. A record on a jump, on arithmetic with a register, or on a load that is not of
/// a 64-bit immediate is a hard error, resolved or not (394ae398337c, 2026-09: "Restrict CO-RE poisoning to relocatable instructions").
/// Earlier versions of libbpf poison it.
/// </remarks>
internal static class InstructionPatcher
{
    /// <summary>195896080 = 0x0bad2310, "bad relo": the call that the verifier refuses with <c>invalid func unknown#195896080</c>.</summary>
    public static Instruction Poison { get; } = new(Code: 0x85, Dst: 0, Src: 0, Off: 0, Imm: 0x0bad2310);

    /// <param name="bytes">The instruction and what follows it in its section.</param>
    /// <param name="bigEndian">Byte order of the object.</param>
    /// <param name="instruction">Index of the instruction, for libbpf's texts.</param>
    /// <param name="resolution">What belongs there.</param>
    public static InstructionChange Patch(Span<byte> bytes, bool bigEndian, long instruction, Resolution resolution)
    {
        var hasSecond = bytes.Length >= 2 * Instruction.Size;
        var before = (First: Instruction.Read(bytes, bigEndian), Second: hasSecond ? Instruction.Read(bytes[Instruction.Size..], bigEndian) : default);
        if (before.First.IsLoadImm64 && !hasSecond) return new(before, before, Miss.None, Errno.EInval, $"insn #{instruction} (LDIMM64) has unexpected form");

        var patched = (before.First.Code & Opcode.ClassMask) switch
        {
            Opcode.Alu32 or Opcode.Alu64 => Alu(before, instruction, resolution),
            Opcode.Ldx or Opcode.St or Opcode.Stx => Memory(before, instruction, resolution),
            Opcode.Ld => LoadImm64(before, instruction, resolution),
            _ => new(before, before, Miss.None, Errno.EInval, $"trying to relocate unrecognized insn #{instruction}, code:0x{before.First.Code:x}, src:0x{before.First.Src:x}, dst:0x{before.First.Dst:x}, off:0x{before.First.Off:x}, imm:0x{before.First.Imm:x}"),
        };
        if (patched.Error != 0) return patched;
        patched.After.First.Write(bytes, bigEndian);
        if (before.First.IsLoadImm64) patched.After.Second.Write(bytes[Instruction.Size..], bigEndian);
        return patched;
    }

    /// <summary>Poisons an instruction of an optional program that libbpf would refuse, whatever its form: loading the program then fails, and nothing else does.</summary>
    public static InstructionChange Refuse(Span<byte> bytes, bool bigEndian, InstructionChange refused)
    {
        var hasSecond = bytes.Length >= 2 * Instruction.Size;
        var before = (First: Instruction.Read(bytes, bigEndian), Second: hasSecond ? Instruction.Read(bytes[Instruction.Size..], bigEndian) : default);
        var isTwoSlots = hasSecond && before.First.IsLoadImm64;
        Poison.Write(bytes, bigEndian);
        if (isTwoSlots) Poison.Write(bytes[Instruction.Size..], bigEndian);
        return refused with { Before = before, After = (Poison, isTwoSlots ? Poison : before.Second), Poisoned = Miss.Refused };
    }

    /// <summary>Both slots of a 64-bit load, lest the verifier complain of "unknown opcode 00" in the second.</summary>
    private static InstructionChange Poisoned((Instruction First, Instruction Second) before, Miss why) =>
        new(before, (Poison, before.First.IsLoadImm64 ? Poison : before.Second), why);

    private static InstructionChange Alu((Instruction First, Instruction Second) before, long instruction, Resolution resolution)
    {
        var insn = before.First;
        if ((insn.Code & Opcode.SourceMask) != Opcode.SourceImm) return new(before, before, Miss.None, Errno.EInval);
        if (resolution.Poison) return Poisoned(before, resolution.Miss);
        if (resolution.Validate && (ulong)insn.Imm != resolution.LocalValue)
            return Unexpected(before, instruction, "ALU/ALU64", $"{(uint)insn.Imm}", resolution);
        // libbpf stores the lower 32 bits without a word.
        return new(before, (insn with { Imm = unchecked((int)resolution.TargetValue) }, before.Second), Miss.None);
    }

    private static InstructionChange Memory((Instruction First, Instruction Second) before, long instruction, Resolution resolution)
    {
        if (resolution.Poison) return Poisoned(before, resolution.Miss);
        var insn = before.First;
        if (resolution.Validate && (ulong)insn.Off != resolution.LocalValue)
            return Unexpected(before, instruction, "LDX/ST/STX", $"{(uint)insn.Off}", resolution);
        if (resolution.TargetValue > (ulong)short.MaxValue)
            return new(before, before, Miss.None, Errno.ERange, $"insn #{instruction} (LDX/ST/STX) value too big: {resolution.TargetValue}");
        if (resolution.SizeMismatch) return Poisoned(before, Miss.SizeChange);

        var moved = insn with { Off = (short)resolution.TargetValue };
        if (resolution.TargetSize == resolution.LocalSize) return new(before, (moved, before.Second), Miss.None);
        var width = 1u << WidthLog2(insn.Code);
        if (width != resolution.LocalSize)
            return new(before, before, Miss.None, Errno.EInval, $"insn #{instruction} (LDX/ST/STX) unexpected mem size: got {width}, exp {resolution.LocalSize}");
        if (SizeBits(resolution.TargetSize) is not { } size)
            return new(before, before, Miss.None, Errno.EInval, $"insn #{instruction} (LDX/ST/STX) invalid new mem size: {resolution.TargetSize}");
        return new(before, (moved with { Code = (byte)((moved.Code & ~Opcode.SizeMask) | size) }, before.Second), Miss.None);
    }

    private static InstructionChange LoadImm64((Instruction First, Instruction Second) before, long instruction, Resolution resolution)
    {
        var (first, second) = before;
        if (resolution.Poison && first.IsLoadImm64) return Poisoned(before, resolution.Miss);
        if (!first.IsLoadImm64 || first.Src != 0 || first.Off != 0 || second is not { Code: 0, Dst: 0, Src: 0, Off: 0 })
            return new(before, before, Miss.None, Errno.EInval, $"insn #{instruction} (LDIMM64) has unexpected form");
        var value = (uint)first.Imm | ((ulong)(uint)second.Imm << 32);
        if (resolution.Validate && value != resolution.LocalValue) return Unexpected(before, instruction, "LDIMM64", $"{value}", resolution);
        var after = (first with { Imm = unchecked((int)resolution.TargetValue) }, second with { Imm = (int)(resolution.TargetValue >> 32) });
        return new(before, after, Miss.None);
    }

    private static InstructionChange Unexpected((Instruction, Instruction) before, long instruction, string form, string got, Resolution resolution) =>
        new(before, before, Miss.None, Errno.EInval, $"unexpected insn #{instruction} ({form}) value: got {got}, exp {resolution.LocalValue} -> {resolution.TargetValue}");

    private static int WidthLog2(byte code) => (code & Opcode.SizeMask) switch { Opcode.Word => 2, Opcode.Half => 1, Opcode.Byte => 0, _ => 3 };

    private static int? SizeBits(uint bytes) => bytes switch { 4 => Opcode.Word, 2 => Opcode.Half, 1 => Opcode.Byte, 8 => Opcode.Double, _ => null };
}
