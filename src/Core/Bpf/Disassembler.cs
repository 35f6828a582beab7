namespace Relo.Core.Bpf;

/// <summary>BPF instructions in the notation of llvm-objdump and the verifier's log: <c>r1 = *(u64 *)(r7 + 16)</c>.</summary>
public static class Disassembler
{
    /// <summary>The text of one instruction.</summary>
    /// <param name="instruction">The instruction.</param>
    /// <param name="next">The slot behind it, whose immediate is the upper half of a 64-bit load.</param>
    public static string Format(Instruction instruction, Instruction next = default) => throw new NotSupportedException();
}
