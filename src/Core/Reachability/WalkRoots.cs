using Relo.Core.Bpf;

namespace Relo.Core.Reachability;

/// <summary>The functions that a walk follows separately, with unknown arguments: each once.</summary>
internal sealed class WalkRoots
{
    private readonly Queue<int> _waiting = [];
    private readonly HashSet<int> _all = [];

    /// <summary>All that were added.</summary>
    public IReadOnlySet<int> All => _all;

    /// <summary>Adds a function, unless it was added before.</summary>
    public void Add(int function)
    {
        if (_all.Add(function)) _waiting.Enqueue(function);
    }

    /// <summary>The next one to follow.</summary>
    public bool TryNext(out int function) => _waiting.TryDequeue(out function);

    /// <summary>A function whose address is stored or computed with may be called from anywhere.</summary>
    public void AddLost(Instruction instruction, Frame frame)
    {
        if (instruction.Dst > Frame.FramePointer || instruction.Src > Frame.FramePointer) return;
        var isMove = instruction.Code == (Opcode.Alu64 | Opcode.Mov | Opcode.SourceReg) && instruction.Off == 0;
        var group = instruction.Code & Opcode.ClassMask;
        if (isMove || group is Opcode.Ld or Opcode.Ldx) return;
        var usesSource = group == Opcode.Stx || (instruction.Code & Opcode.SourceMask) != 0;
        if (usesSource && frame[instruction.Src] is { Kind: ValueKind.Function } source) Add(source.Place);
        var computes = group is Opcode.Alu32 or Opcode.Alu64 && (instruction.Code & Opcode.OperationMask) != Opcode.Mov;
        if (computes && frame[instruction.Dst] is { Kind: ValueKind.Function } target) Add(target.Place);
    }
}
