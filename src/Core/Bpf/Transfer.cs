namespace Relo.Core.Bpf;

/// <summary>What an instruction that is no jump does to what is known.</summary>
internal static class Transfer
{
    private const byte FramePointer = 10;

    /// <summary>Changes <paramref name="state"/>.</summary>
    /// <param name="instruction">The instruction.</param>
    /// <param name="next">The slot behind it.</param>
    /// <param name="isRelocated">Whether the loader puts another value into it: the address of a map, a variable, a function.</param>
    /// <param name="state">What is known before, and then after it.</param>
    /// <returns>False when it is no instruction of BPF, or one that no verifier accepts.</returns>
    public static bool Apply(Instruction instruction, Instruction next, bool isRelocated, KnownState state)
    {
        if (instruction.Dst > FramePointer || instruction.Src > FramePointer) return false;
        switch (instruction.Code & Opcode.ClassMask)
        {
            case Opcode.Alu32 or Opcode.Alu64 when (instruction.Code & Opcode.OperationMask) <= Opcode.End:
                return Set(state, instruction.Dst, Arithmetic(instruction, state));
            case Opcode.Ld when instruction.IsLoadImm64:
                var value = ((ulong)(uint)next.Imm << 32) | (uint)instruction.Imm;
                return Set(state, instruction.Dst, instruction.Src == 0 && !isRelocated ? KnownValue.Constant(value) : KnownValue.Unknown);
            case Opcode.Ld when (instruction.Code & Opcode.ModeMask) is Opcode.Abs or Opcode.Ind:
                state.ForgetScratch();
                return true;
            case Opcode.Ldx when (instruction.Code & Opcode.ModeMask) is Opcode.Mem:
                return Set(state, instruction.Dst, state.Load(state[instruction.Src], instruction.Off, Opcode.SizeBytes(instruction.Code)));
            case Opcode.Ldx when (instruction.Code & Opcode.ModeMask) is Opcode.MemSignExtended:
                return Set(state, instruction.Dst, KnownValue.Unknown);
            case Opcode.St when (instruction.Code & Opcode.ModeMask) is Opcode.Mem:
                state.Store(state[instruction.Dst], instruction.Off, Opcode.SizeBytes(instruction.Code), KnownValue.Unknown);
                return true;
            case Opcode.Stx when (instruction.Code & Opcode.ModeMask) is Opcode.Mem:
                state.Store(state[instruction.Dst], instruction.Off, Opcode.SizeBytes(instruction.Code), state[instruction.Src]);
                return true;
            case Opcode.Stx when (instruction.Code & Opcode.ModeMask) is Opcode.Atomic:
                ForgetAtAtomic(instruction, state);
                return true;
            default:
                return false;
        }
    }

    private static KnownValue Arithmetic(Instruction i, KnownState state)
    {
        var wide = (i.Code & Opcode.ClassMask) == Opcode.Alu64;
        var operation = i.Code & Opcode.OperationMask;
        var left = state[i.Dst];
        var right = (i.Code & Opcode.SourceMask) == Opcode.SourceReg ? state[i.Src] : KnownValue.Constant(unchecked((ulong)(long)i.Imm));
        if (operation == Opcode.Mov && i.Off != 0)
            return right.IsConstant && ConstantFolding.SignExtendingMove(i.Code, i.Off, right.Bits) is { } extended ? KnownValue.Constant(extended) : KnownValue.Unknown;
        if (i.Off != 0) return KnownValue.Unknown;
        if (right.IsConstant && (left.IsConstant || operation == Opcode.Mov))
            return ConstantFolding.Arithmetic(i.Code, left.Bits, right.Bits) is { } result ? KnownValue.Constant(result) : KnownValue.Unknown;
        if (!wide) return KnownValue.Unknown;
        return (operation, left.Kind, right.Kind) switch
        {
            (Opcode.Mov, _, ValueKind.Frame) => right,
            (Opcode.Add, ValueKind.Frame, ValueKind.Constant) or (Opcode.Add, ValueKind.Constant, ValueKind.Frame) => KnownValue.Frame(unchecked(left.Number + right.Number)),
            (Opcode.Sub, ValueKind.Frame, ValueKind.Constant) => KnownValue.Frame(unchecked(left.Number - right.Number)),
            _ => KnownValue.Unknown,
        };
    }

    // Which register an atomic writes depends on its kind (r0, src or dst): all of them are forgotten, and the stack with them.
    private static void ForgetAtAtomic(Instruction instruction, KnownState state)
    {
        state[0] = KnownValue.Unknown;
        if (instruction.Src != FramePointer) state[instruction.Src] = KnownValue.Unknown;
        if (instruction.Dst != FramePointer) state[instruction.Dst] = KnownValue.Unknown;
        state.ForgetStack();
    }

    private static bool Set(KnownState state, byte register, KnownValue value)
    {
        if (register == FramePointer) return false; // "frame pointer is read only"
        state[register] = value;
        return true;
    }
}
