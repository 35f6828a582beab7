using Relo.Core.Bpf;
using Relo.Core.Reachability;
using Relo.Core.Tests.Building;

namespace Relo.Core.Tests.Reachability;

/// <summary>
/// A socket filter of random arithmetic, spills, fills, calls and forward branches with one poisoned call somewhere in it.
/// Everything else about it pleases the verifier: r6 is the context, r5 an address in the stack frame, the other registers are
/// numbers, and the 32 bytes of stack that are used are written first.
/// </summary>
internal sealed class RandomProgram
{
    private static readonly byte[] Operations = [Opcode.Mov, Opcode.Mov, Opcode.Add, Opcode.Sub, Opcode.Mul, Opcode.Or, Opcode.And,
        Opcode.Xor, Opcode.Lsh, Opcode.Rsh, Opcode.Arsh, Opcode.Neg, Opcode.Div, Opcode.Mod];
    private static readonly byte[] Comparisons = [Opcode.Jeq, Opcode.Jne, Opcode.Jgt, Opcode.Jge, Opcode.Jlt, Opcode.Jle, Opcode.Jset,
        Opcode.Jsgt, Opcode.Jsge, Opcode.Jslt, Opcode.Jsle];
    private static readonly byte[] Numbers = [0, 1, 2, 3, 4, 7, 8, 9];
    private static readonly int[] Constants = [0, 0, 0, 1, 1, 2, 7, 8, 31, -1, -2, int.MaxValue, int.MinValue];

    private readonly Random _random;
    private readonly List<Instruction[]> _steps = [];

    public RandomProgram(int seed)
    {
        _random = new(seed);
        Add(Asm.MovReg(6, 1));
        Add(Asm.Load(0, 6, 0, 4)); // skb->len: the verifier does not know it
        foreach (var register in Numbers.Skip(1)) Add(_random.Next(4) == 0 ? Asm.MovReg(register, 0) : Asm.Mov(register, Constant()));
        Frame();
        for (short at = -8; at >= -32; at -= 8) Add(Asm.Store(Asm.FramePointer, at, Number()));
        var length = _random.Next(4, 24);
        var poison = _random.Next(length);
        for (var i = 0; i < length; i++)
        {
            if (i == poison) Poison();
            else Step();
        }
        Add(Asm.Mov(0, 0));
        Add(Asm.Exit);
        Instructions = [.. Resolved()];
        PoisonIndex = Instructions.IndexOf(Core.Relocation.InstructionPatcher.Poison);
    }

    public List<Instruction> Instructions { get; }

    public int PoisonIndex { get; }

    private void Step()
    {
        switch (_random.Next(12))
        {
            case < 4: Arithmetic(); break;
            case 4: Add(Asm.Load64(Number(), _random.Next(3) == 0 ? (ulong)_random.NextInt64() : (ulong)_random.Next(2))); break;
            case 5: Memory(bytes => Asm.Store(Asm.FramePointer, Place(bytes), Number(), bytes)); break;
            case 6: Memory(bytes => Asm.Load(Number(), Asm.FramePointer, Place(bytes), bytes)); break;
            case 7:
                Memory(bytes => _random.Next(2) == 0
                ? Asm.Store(5, (short)(-8 + bytes * _random.Next(8 / bytes)), Number(), bytes)
                : Asm.Load(Number(), 5, (short)(-8 + bytes * _random.Next(8 / bytes)), bytes)); break;
            case 8 when _random.Next(2) == 0: SpillAndFill(); break;
            case 8: Memory(bytes => Asm.StoreImm(Asm.FramePointer, Place(bytes), Constant(), bytes)); break;
            case 9 when _random.Next(2) == 0: Call(); break;
            case 9:
                Add(new Instruction(Opcode.Stx | Opcode.Atomic | Opcode.Double, Asm.FramePointer, Number(), Place(8),
                _random.Next(2) == 0 ? Opcode.Exchange : Opcode.Add | Opcode.Fetch)); break;
            default: Branch(); break;
        }
    }

    /// <summary>Guarded as clang does it, or not at all.</summary>
    private void Poison()
    {
        if (_random.Next(8) != 0) Branch(distance: 1);
        Add(Core.Relocation.InstructionPatcher.Poison);
        foreach (var register in Numbers.Where(register => register < 5)) Add(Asm.Mov(register, Constant()));
        Frame();
    }

    private void Arithmetic()
    {
        var wide = _random.Next(2) == 0;
        var kind = wide ? Opcode.Alu64 : Opcode.Alu32;
        var operation = Operations[_random.Next(Operations.Length)];
        switch (_random.Next(8))
        {
            // ISA v4
            case 0:
                Add(new Instruction(
                (byte)(kind | Opcode.Mov | Opcode.SourceReg), Number(), Number(), (short)(8 << _random.Next(wide ? 3 : 2)), 0)); break;
            case 1:
                Add(new Instruction((byte)(Opcode.Alu32 | Opcode.End | (_random.Next(2) == 0 ? 0 : Opcode.SourceReg)), Number(), 0, 0,
                16 << _random.Next(3))); break;
            case < 5
                when operation != Opcode.Neg:
                Add(
                    new Instruction((byte)(kind | operation | Opcode.SourceReg), Number(), Number(), 0, 0)); break;
            default: Add(new Instruction((byte)(kind | operation), Number(), 0, 0, Immediate(operation))); break;
        }
    }

    private int Immediate(byte operation) => operation switch
    {
        Opcode.Neg => 0,
        Opcode.Lsh or Opcode.Rsh or Opcode.Arsh => _random.Next(32),
        Opcode.Div or Opcode.Mod => 3,
        _ => Constant(),
    };

    // The distance counts steps, not slots, until the end.
    private void Branch(short? distance = null)
    {
        var kind = _random.Next(2) == 0 ? Opcode.Jmp : Opcode.Jmp32;
        var code = (byte)(kind | Comparisons[_random.Next(Comparisons.Length)]);
        var far = distance ?? (short)_random.Next(1, 4);
        Add(_random.Next(3) == 0
            ? new Instruction((byte)(code | Opcode.SourceReg), Number(), Number(), far, 0)
            : new Instruction(code, Number(), 0, far, Constant()));
    }

    private void Call()
    {
        // bpf_ktime_get_ns
        Add([Asm.Helper(5), .. Numbers.Where(register => register is > 0 and < 5).Select(register => Asm.Mov(register, Constant())),
            .. FrameSteps()]);
    }

    private void Memory(Func<int, Instruction> make) => Add(make(1 << _random.Next(4)));

    private void SpillAndFill()
    {
        var bytes = 1 << _random.Next(4);
        var place = Place(bytes);
        Add(Asm.Store(Asm.FramePointer, place, Number(), bytes));
        if (_random.Next(3) == 0) Step();
        Add(Asm.Load(Number(), Asm.FramePointer, place, bytes));
    }

    private short Place(int bytes) => (short)(-bytes * _random.Next(1, 1 + (32 / bytes)));

    private void Frame() => Add([.. FrameSteps()]);

    private static Instruction[] FrameSteps() => [Asm.MovReg(5, Asm.FramePointer), Asm.Alu(Opcode.Add, 5, -16)];

    private byte Number() => Numbers[_random.Next(Numbers.Length)];

    private int Constant() => Constants[_random.Next(Constants.Length)];

    private void Add(params Instruction[] step) => _steps.Add(step);

    /// <summary>The steps in order, with distances in slots; no branch goes past the last two.</summary>
    private IEnumerable<Instruction> Resolved()
    {
        var starts = new List<int> { 0 };
        foreach (var step in _steps) starts.Add(starts[^1] + step.Length);
        for (var i = 0; i < _steps.Count; i++)
        {
            foreach (var instruction in _steps[i])
            {
                var isBranch = (instruction.Code & Opcode.ClassMask) is Opcode.Jmp or Opcode.Jmp32
                    && ConstantFolding.IsComparison(instruction.Code);
                yield return isBranch
                    ? instruction with { Off = (short)(starts[Math.Min(i + 1 + instruction.Off, _steps.Count - 2)] - starts[i] - 1) }
                    : instruction;
            }
        }
    }
}
