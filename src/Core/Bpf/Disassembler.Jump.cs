namespace Relo.Core.Bpf;

/// <content>Jumps, calls and exit: classes JMP and JMP32 (compares <c>w</c> registers).</content>
public static partial class Disassembler
{
    private static string? Jump(Instruction i)
    {
        var wide = (i.Code & Opcode.ClassMask) == Opcode.Jmp;
        var fromRegister = (i.Code & Opcode.SourceMask) == Opcode.SourceReg;
        if (Comparison(i.Code) is { } compare)
        {
            var right = fromRegister ? Register(i.Src, wide) : $"{i.Imm}";
            return $"if {Register(i.Dst, wide)} {compare} {right} goto {Signed(i.Off)}";
        }
        return (i.Code & Opcode.OperationMask, wide, fromRegister) switch
        {
            (Opcode.Ja, true, false) => $"goto {Signed(i.Off)}",
            (Opcode.Ja, false, false) => $"gotol {Signed(i.Imm)}", // ISA v4: the distance is in imm, which has 32 bits
            (Opcode.Ja, true, true) => $"gotox r{i.Dst}",
            // Helper, function of the same object and kernel function differ in src only; llvm prints them alike.
            (Opcode.Call, true, false) => $"call {i.Imm}",
            (Opcode.Call, true, true) => $"callx r{i.Dst}",
            (Opcode.Exit, true, false) when i.Imm == 0 => "exit",
            (Opcode.Jcond, true, false) => $"may_goto {Signed(i.Off)}",
            _ => null,
        };
    }

    private static string? Comparison(byte code) => (code & Opcode.OperationMask) switch
    {
        Opcode.Jeq => "==",
        Opcode.Jgt => ">",
        Opcode.Jge => ">=",
        Opcode.Jset => "&",
        Opcode.Jne => "!=",
        Opcode.Jsgt => "s>",
        Opcode.Jsge => "s>=",
        Opcode.Jlt => "<",
        Opcode.Jle => "<=",
        Opcode.Jslt => "s<",
        Opcode.Jsle => "s<=",
        _ => null,
    };
}
