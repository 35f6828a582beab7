using Relo.Core.Bpf;
using Relo.Core.Elf;
using Relo.Core.Objects;
using Relo.Core.Tests.Bpf;

namespace Relo.Core.Tests.Elf;

/// <summary>
/// What clang 21 and later write for a switch: an indirect jump through a table in a separate section, with its own symbol.
/// </summary>
public sealed class JumpTableTests
{
    // gotox as bytes, because the assemblers of today's distributions do not know it.
    private const string Source = """
            .section socket,"ax",@progbits
            .globl choose
            .type choose,@function
        choose:
            r1 = BPF.JT.0.0 ll
            .byte 0x0d, 0x01, 0, 0, 0, 0, 0, 0
            r0 = 1
            exit
            r0 = 2
            exit
            .size choose, .-choose
            .section .jumptables,"",@progbits
            .type BPF.JT.0.0,@object
        BPF.JT.0.0:
            .quad 24
            .quad 40
            .size BPF.JT.0.0, 16
        """;

    [Fact]
    public void An_object_with_a_jump_table_is_read_like_any_other()
    {
        var clang = Llvm.Find("clang");
        Assert.SkipWhen(clang is null, "clang is not installed");
        var file = Path.GetTempFileName();
        try
        {
            var (_, errors) = Llvm.Run(clang.Value.Path, ["--target=bpf", "-x", "assembler", "-c", "-", "-o", file], Source + "\n");
            Assert.Equal("", errors);
            var elf = ElfReader.Read(File.ReadAllBytes(file));
            var program = Assert.Single(ProgramTable.Read(elf));
            Assert.Equal(
                ("choose", "socket", 0, 7), (program.Name, program.Section.Name, program.FirstInstruction, program.InstructionCount));
            var jump = Instruction.Read(elf.DataOf(program.Section).Span[16..], bigEndian: false);
            Assert.Equal("gotox r1", Disassembler.Format(jump));

            var table = Assert.Single(elf.Symbols, s => s.Name == "BPF.JT.0.0");
            Assert.Equal(".jumptables", elf.Sections[table.Section].Name);
            Assert.False(elf.Sections[table.Section].IsExecutable);
            // The address is relocated against the table, or against its section.
            Assert.Equal(table.Section, elf.Symbols[(int)ElfRelocations.Read(elf)!.SymbolAt(program.Section.Index, 0)!.Value].Section);
        }
        finally
        {
            File.Delete(file);
        }
    }
}
