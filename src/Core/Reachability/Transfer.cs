using Relo.Core.Bpf;

namespace Relo.Core.Reachability;

/// <summary>The effect of an instruction other than a jump on what is known.</summary>
/// <param name="data">The frozen variables of the object.</param>
/// <param name="kernel">What is known of the kernel.</param>
/// <param name="assumptions">What the walk may assume.</param>
/// <param name="context">Receives the loads from the context, if any are wanted.</param>
internal sealed class Transfer(
    ReadOnlyData data, KernelFacts kernel, Assumptions assumptions, ContextLoads? context = null)
{
    private const int FramePointer = Frame.FramePointer;

    /// <summary>Updates <paramref name="state"/> to what is known after its current instruction.</summary>
    /// <returns>False if it is not a BPF instruction, or one that no verifier accepts.</returns>
    public bool Apply(FunctionCode code, WalkState state)
    {
        var (at, frame) = (state.At, state.Frame);
        var instruction = code[at];
        if (instruction.Dst > FramePointer || instruction.Src > FramePointer) return false;
        switch (instruction.Code & Opcode.ClassMask)
        {
            case Opcode.Alu32 or Opcode.Alu64 when (instruction.Code & Opcode.OperationMask) <= Opcode.End:
                return Set(frame, instruction.Dst, code.Poisoned.Contains(at) ? KnownValue.Other : Computed(instruction, state));
            case Opcode.Ld when instruction.IsLoadImm64:
                return Set(frame, instruction.Dst, Immediate(code, at, instruction));
            case Opcode.Ld when (instruction.Code & Opcode.ModeMask) is Opcode.Abs or Opcode.Ind:
                frame.ForgetScratch();
                return true;
            case Opcode.Ldx when (instruction.Code & Opcode.ModeMask) is Opcode.Mem or Opcode.MemSignExtended:
                if (frame[instruction.Src].Kind == ValueKind.Context) context?.Add(code, at, instruction);
                return Set(frame, instruction.Dst, code.Poisoned.Contains(at)
                    ? Unplaced(frame[instruction.Src])
                    : Load(instruction, state));
            case Opcode.St when (instruction.Code & Opcode.ModeMask) is Opcode.Mem:
                var stored = kernel.Verifier.StoredImmediates
                    ? KnownValue.Constant(unchecked((ulong)(long)instruction.Imm))
                    : KnownValue.Other;
                Store(code, state, instruction, stored);
                return true;
            case Opcode.Stx when (instruction.Code & Opcode.ModeMask) is Opcode.Mem:
                Store(code, state, instruction, frame[instruction.Src]);
                return true;
            case Opcode.Stx when (instruction.Code & Opcode.ModeMask) is Opcode.Atomic:
                ForgetAtAtomic(instruction, state);
                return true;
            default:
                return false;
        }
    }

    private KnownValue Immediate(FunctionCode code, int at, Instruction instruction)
    {
        if (code.Poisoned.Contains(at)) return KnownValue.Other;
        if (code.Externs.TryGetValue(at, out var name)) return FilledIn(kernel.Address(name, assumptions));
        if (code.Loads.TryGetValue(at, out var loaded)) return loaded;
        return instruction.Src == 0 ? KnownValue.Constant(((ulong)(uint)code[at + 1].Imm << 32) | (uint)instruction.Imm) : KnownValue.Other;
    }

    private KnownValue Load(Instruction instruction, WalkState state)
    {
        var (address, bytes) = (state.Frame[instruction.Src], Opcode.SizeBytes(instruction.Code));
        var value = address.Kind switch
        {
            ValueKind.Frame => state.LoadFromStack(address, instruction.Off, bytes),
            ValueKind.Extern => FilledIn(kernel.Value(address.Place, address.Number + instruction.Off, bytes, assumptions)),
            ValueKind.Data when kernel.Verifier.ReadOnlyMaps => Variable(address, instruction.Off, bytes),
            _ => Unplaced(address),
        };
        if ((instruction.Code & Opcode.ModeMask) != Opcode.MemSignExtended) return value;
        // The verifier treats a sign-extending load from the stack as an unknown number.
        if (address.Kind != ValueKind.Data || !value.IsConstant) return KnownValue.Other;
        return KnownValue.Constant(unchecked((ulong)((long)(value.Bits << (64 - (8 * bytes))) >> (64 - (8 * bytes)))), value.Assumed);
    }

    private KnownValue FilledIn(KnownValue value)
    {
        if (value == KnownValue.Other) context?.LoseCertainty();
        return value;
    }

    private KnownValue Variable(KnownValue address, short offset, int bytes)
    {
        var at = address.Number + offset;
        if (data.Read(address.Place, at, bytes) is not { } value) return KnownValue.Other;
        return assumptions.Add($"{data.NameAt(address.Place, at)} = {value}") is { } assumed
            ? KnownValue.Constant(value, assumed)
            : KnownValue.Other;
    }

    // A load through a possible stack address may return a spilled stack address.
    private static KnownValue Unplaced(KnownValue address) => address.MayBeStack ? KnownValue.Unknown : KnownValue.Other;

    private void Store(FunctionCode code, WalkState state, Instruction instruction, KnownValue value)
    {
        var address = state.Frame[instruction.Dst];
        // The target of a poisoned store is unknown.
        if (code.Poisoned.Contains(state.At) && address.MayBeStack) state.ForgetStacks();
        else state.Store(address, instruction.Off, Opcode.SizeBytes(instruction.Code), value, kernel.Verifier);
    }

    // A range stands for a number that the verifier knows, such as a version of which we know only the line. Arithmetic may lose the range.
    private KnownValue Computed(Instruction instruction, WalkState state)
    {
        var hadRange = state.Frame[instruction.Dst].Kind == ValueKind.Range || state.Frame[instruction.Src].Kind == ValueKind.Range;
        var result = Arithmetic(instruction, state);
        if (hadRange && result.Kind is not (ValueKind.Range or ValueKind.Constant)) context?.LoseCertainty();
        return result;
    }

    private KnownValue Arithmetic(Instruction i, WalkState state)
    {
        var frame = state.Frame;
        var wide = (i.Code & Opcode.ClassMask) == Opcode.Alu64;
        var operation = i.Code & Opcode.OperationMask;
        var left = frame[i.Dst];
        var right = (i.Code & Opcode.SourceMask) == Opcode.SourceReg ? frame[i.Src] : KnownValue.Constant(unchecked((ulong)(long)i.Imm));
        if (operation == Opcode.Mov && i.Off != 0)
            return right.IsConstant && ConstantFolding.SignExtendingMove(i.Code, i.Off, right.Bits) is { } extended
                ? KnownValue.Constant(extended, right.Assumed)
                : KnownValue.Scalar();
        if (i.Off != 0) return KnownValue.Scalar(); // signed division
        if (operation == Opcode.Mov && wide) return kernel.Verifier.Copies && right == KnownValue.Scalar() ? state.Identify(i.Src) : right;
        if (operation == Opcode.Mov && right.Kind == ValueKind.Range) return right;
        if (right.IsConstant && (left.IsConstant || operation == Opcode.Mov))
        {
            var assumed = right.Assumed | (operation == Opcode.Mov ? 0 : left.Assumed);
            return ConstantFolding.Arithmetic(i.Code, left.Bits, right.Bits, kernel.Verifier) is { } result
                ? KnownValue.Constant(result, assumed)
                : KnownValue.Scalar();
        }
        if (operation is Opcode.And or Opcode.Mul && (IsZero(left) || IsZero(right)))
            return KnownValue.Constant(0, left.Assumed | right.Assumed);
        if (operation == Opcode.And && (Mask(left) ?? Mask(right)) is { } mask)
            return KnownValue.Range(0, mask, left.Assumed | right.Assumed);
        // The lower half of an address is not an address, and neither is the result of multiplying or shifting one.
        if (!wide || operation is not (Opcode.Add or Opcode.Sub))
            return operation == Opcode.Rsh ? Shifted(left, right) : KnownValue.Scalar();
        return Moved(operation, left, right);
    }

    private static bool IsZero(KnownValue value) => value is { Kind: ValueKind.Constant, Number: 0 };

    /// <summary>The largest value that a mask can leave.</summary>
    private static uint? Mask(KnownValue value) =>
        value is { Kind: ValueKind.Constant, Number: >= 0 and < int.MaxValue } ? (uint)value.Number : null;

    private static KnownValue Shifted(KnownValue left, KnownValue right)
    {
        if (left.Kind != ValueKind.Range || right is not { Kind: ValueKind.Constant, Number: >= 0 and < 32 }) return KnownValue.Scalar();
        var (low, high, by) = (left.Number, left.Number + left.Place, (int)right.Number);
        return KnownValue.Range((uint)(low >> by), (uint)(high >> by), left.Assumed | right.Assumed);
    }

    private static KnownValue Moved(int operation, KnownValue left, KnownValue right)
    {
        if (operation == Opcode.Add && left.IsConstant) (left, right) = (right, left);
        if (right.IsConstant)
        {
            var number = unchecked(operation == Opcode.Add ? left.Number + right.Number : left.Number - right.Number);
            if (left.Kind == ValueKind.Frame) return KnownValue.Frame(left.Place, number);
            if (left.Kind is ValueKind.Data or ValueKind.Extern) return left with { Number = number };
        }
        if (left.MayBeStack || right.MayBeStack) return KnownValue.Unknown;
        return left.IsNumber && right.IsNumber ? KnownValue.Scalar() : KnownValue.Other;
    }

    // The register that an atomic writes depends on its kind (r0, src or dst), so all of them are forgotten.
    private static void ForgetAtAtomic(Instruction instruction, WalkState state)
    {
        var address = state.Frame[instruction.Dst];
        state.Frame[0] = KnownValue.Unknown;
        if (instruction.Src != FramePointer) state.Frame[instruction.Src] = KnownValue.Unknown;
        if (instruction.Dst != FramePointer && instruction.Imm == Opcode.LoadAcquire) state.Frame[instruction.Dst] = KnownValue.Unknown;
        // A load-acquire reads through its source; a store-release writes through its destination, as a store does.
        if (address.MayBeStack) state.ForgetStacks();
    }

    private static bool Set(Frame frame, byte register, KnownValue value)
    {
        if (register == FramePointer) return false; // "frame pointer is read only"
        frame[register] = value;
        return true;
    }
}
