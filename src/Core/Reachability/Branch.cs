using Relo.Core.Bpf;

namespace Relo.Core.Reachability;

/// <summary>Decides conditional jumps.</summary>
internal static class Branch
{
    /// <summary>Whether a conditional jump is taken; null if both branches are possible.</summary>
    public static bool? IsTaken(Instruction instruction, Frame frame, Assumptions assumptions)
    {
        var left = frame[instruction.Dst];
        var right = (instruction.Code & Opcode.SourceMask) == Opcode.SourceReg
            ? frame[instruction.Src]
            : KnownValue.Constant(unchecked((ulong)(long)instruction.Imm));
        var taken = left.Kind == ValueKind.NotZero ? OfNotZero(instruction, right)
            : right.Kind == ValueKind.NotZero ? OfNotZero(instruction, left)
            : BoundsOf(left) is { } l && BoundsOf(right) is { } r ? ConstantFolding.IsTaken(instruction.Code, l, r)
            : null;
        if (taken is not null) assumptions.Used |= left.Assumed | right.Assumed;
        return taken;
    }

    /// <summary>What each branch of a comparison with a constant implies for a number; null if nothing.</summary>
    public static (KnownValue? IfTaken, KnownValue? IfNot) Learned(Instruction instruction, Frame frame)
    {
        if ((instruction.Code & Opcode.ClassMask) != Opcode.Jmp || frame[instruction.Dst].Kind != ValueKind.Scalar) return default;
        var right = (instruction.Code & Opcode.SourceMask) == Opcode.SourceReg
            ? frame[instruction.Src]
            : KnownValue.Constant(unchecked((ulong)(long)instruction.Imm));
        return (instruction.Code & Opcode.OperationMask) switch
        {
            Opcode.Jeq when right.IsConstant => (right, null),
            Opcode.Jne when right.IsConstant => (null, right),
            _ => default,
        };
    }

    /// <summary>The verifier knows only that an address is not 0, and compares all 64 bits of it.</summary>
    private static bool? OfNotZero(Instruction instruction, KnownValue other)
    {
        if (other is not { Kind: ValueKind.Constant, Number: 0 } || (instruction.Code & Opcode.ClassMask) != Opcode.Jmp) return null;
        return (instruction.Code & Opcode.OperationMask) switch
        {
            Opcode.Jeq => false,
            Opcode.Jne => true,
            _ => null,
        };
    }

    private static (ulong Low, ulong High)? BoundsOf(KnownValue value) => value.Kind switch
    {
        ValueKind.Constant => (value.Bits, value.Bits),
        ValueKind.Range => (value.Bits, value.Bits + (uint)value.Place),
        _ => null,
    };
}
