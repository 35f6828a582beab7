using Relo.Core.Bpf;

namespace Relo.Core.Reachability;

/// <summary>The jump targets of a function, found without following any jump.</summary>
internal static class JumpMap
{
    private const byte Goto = Opcode.Jmp | Opcode.Ja;
    private const byte GotoLong = Opcode.Jmp32 | Opcode.Ja; // the distance is in the imm field
    private const byte GotoRegister = Opcode.Jmp | Opcode.Ja | Opcode.SourceReg;
    private const byte MayGoto = Opcode.Jmp | Opcode.Jcond;

    [Flags]
    private enum Slot : byte
    {
        Plain = 0,
        Target = 1,
        SecondSlot = 2,
    }

    /// <summary>
    /// The instructions that are jump targets. Null if a jump leaves the function or targets the middle of a 64-bit load, or if a
    /// 64-bit load is cut off (the verifier refuses all three in every function: check_subprogs, check_cfg), or if a jump takes its target
    /// from a register and no table lists its targets.
    /// </summary>
    public static bool[]? Targets(FunctionCode code)
    {
        var slots = new Slot[code.Count];
        for (var i = 0; i < code.Count; i++)
        {
            var instruction = code[i];
            if (instruction.IsLoadImm64)
            {
                if (i + 1 >= code.Count || code[i + 1].Code != 0) return null;
                slots[++i] |= Slot.SecondSlot;
            }
            else if (IsIndirect(instruction))
            {
                if (code.IndirectTargets.Count == 0) return null;
            }
            else if (Distance(instruction) is { } distance)
            {
                var target = i + 1 + (long)distance;
                if (target < 0 || target >= code.Count) return null;
                slots[target] |= Slot.Target;
            }
        }
        foreach (var target in code.IndirectTargets) slots[target] |= Slot.Target;
        return Array.Exists(slots, slot => slot == (Slot.Target | Slot.SecondSlot))
            ? null
            : Array.ConvertAll(slots, slot => slot == Slot.Target);
    }

    /// <summary>Distance of a jump from the next slot; null if it is not a direct jump.</summary>
    public static int? Distance(Instruction instruction) => instruction.Code switch
    {
        GotoLong => instruction.Imm,
        Goto or MayGoto => instruction.Off,
        _ when (instruction.Code & Opcode.ClassMask) is Opcode.Jmp or Opcode.Jmp32 && ConstantFolding.IsComparison(instruction.Code) =>
            instruction.Off,
        _ => null,
    };

    /// <summary>Whether a jump is always taken.</summary>
    public static bool IsAlways(Instruction instruction) => instruction.Code is Goto or GotoLong;

    /// <summary>Whether it is <c>gotox rX</c>, which jumps to an entry of a jump table.</summary>
    public static bool IsIndirect(Instruction instruction) => instruction.Code == GotoRegister;

    /// <summary>Whether it is a jump that is taken once a hidden counter runs out.</summary>
    public static bool IsMayGoto(Instruction instruction) => instruction.Code == MayGoto;
}
