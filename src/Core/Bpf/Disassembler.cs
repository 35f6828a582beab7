namespace Relo.Core.Bpf;

/// <summary>
/// BPF instructions up to ISA v4 in the notation of llvm-objdump: <c>r1 = *(u64 *)(r7 + 16)</c>. Safe on hostile input: it never throws,
/// and prints unknown opcodes as <c>&lt;unknown opcode 0xff&gt;</c>.
/// </summary>
/// <remarks>
/// llvm-objdump names the register of a narrow load by the CPU it assumes (<c>w1 = *(u32 *)…</c> from v3 on). A load always writes all 64
/// bits, so plain loads and stores use <c>r1</c> here, as in the verifier's log; 32-bit atomics use <c>w1</c>. Jumps carry the distance
/// (<c>goto +3</c>), not a label.
/// </remarks>
public static partial class Disassembler
{
    /// <summary>The text of one instruction.</summary>
    /// <param name="instruction">The instruction.</param>
    /// <param name="next">The next slot, whose immediate is the upper half of a 64-bit load.</param>
    /// <returns>One line without leading or trailing space.</returns>
    public static string Format(Instruction instruction, Instruction next = default) =>
        (instruction.Code & Opcode.ClassMask) switch
        {
            Opcode.Alu32 or Opcode.Alu64 => Arithmetic(instruction),
            Opcode.Jmp or Opcode.Jmp32 => Jump(instruction),
            Opcode.Ld => Load(instruction, next),
            _ => Memory(instruction),
        }
        ?? $"<unknown opcode 0x{instruction.Code:x2}>";

    // Only r0 to r10 exist, but four bits can name r11 to r15: print the number as it is.
    private static string Register(byte number, bool wide = true) => $"{(wide ? 'r' : 'w')}{number}";

    private static string Signed(int distance) => distance < 0 ? $"{distance}" : $"+{distance}";

    // "r7 + 16", "r10 - 8"
    private static string Address(byte register, short offset) =>
        offset < 0 ? $"r{register} - {-offset}" : $"r{register} + {offset}";
}
