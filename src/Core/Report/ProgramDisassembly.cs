using System.Collections;
using Relo.Core.Bpf;
using Relo.Core.Objects;

namespace Relo.Core.Report;

/// <summary>All instructions of a program, each printed when it is read: a program may have a million.</summary>
internal sealed class ProgramDisassembly(BpfObject bpf, BpfProgram program, ReadOnlyMemory<byte> patched)
    : IEnumerable<DisassembledInstruction>
{
    public IEnumerator<DisassembledInstruction> GetEnumerator()
    {
        var end = program.FirstInstruction + program.InstructionCount;
        for (var i = program.FirstInstruction; i < end; i++)
        {
            var (before, next) = (Read(bpf.Bytes, i), i + 1 < end ? Read(bpf.Bytes, i + 1) : default);
            var (after, afterNext) = (Read(patched, i), i + 1 < end ? Read(patched, i + 1) : default);
            yield return new(
                i, Disassembler.Format(before, next), Disassembler.Format(after, afterNext),
                bpf.Lines.Find(program.Section.Name, (uint)i * Instruction.Size));
            // A 64-bit load takes two slots. Where it is poisoned, the second slot is an instruction of its own.
            if (before.IsLoadImm64 && after.IsLoadImm64) i++;
        }
    }

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    private Instruction Read(ReadOnlyMemory<byte> file, int index) =>
        Instruction.Read(file.Span[(int)(program.Section.Offset + ((long)index * Instruction.Size))..], bpf.Elf.IsBigEndian);
}
