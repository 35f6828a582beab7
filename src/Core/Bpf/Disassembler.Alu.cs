namespace Relo.Core.Bpf;

/// <content>Arithmetic: classes ALU (32 bits, <c>w</c> registers) and ALU64.</content>
public static partial class Disassembler
{
    // The offset selects variants (ISA v4): signed division and modulo, sign-extending moves, casts between address spaces.
    private const short SignedVariant = 1;
    private const short AddressSpaceCast = 1;

    private static string? Arithmetic(Instruction i)
    {
        var wide = (i.Code & Opcode.ClassMask) == Opcode.Alu64;
        var fromRegister = (i.Code & Opcode.SourceMask) == Opcode.SourceReg;
        var dst = Register(i.Dst, wide);
        var src = fromRegister ? Register(i.Src, wide) : $"{i.Imm}";
        return (i.Code & Opcode.OperationMask, i.Off) switch
        {
            (Opcode.Neg, _) when !fromRegister => $"{dst} = -{dst}",
            (Opcode.Mov, 0) => $"{dst} = {src}",
            (Opcode.Mov, _) when fromRegister => Move(i, wide, dst, src),
            (Opcode.End, _) => Swap(i, wide, fromRegister),
            (Opcode.Div or Opcode.Mod, SignedVariant) => $"{dst} s{Operator(i.Code)}= {src}",
            (_, 0) when Operator(i.Code) is { } sign => $"{dst} {sign}= {src}",
            _ => null,
        };
    }

    private static string? Move(Instruction i, bool wide, string dst, string src) => i.Off switch
    {
        8 or 16 => $"{dst} = (s{i.Off}){src}",
        32 when wide => $"{dst} = (s32){src}",
        AddressSpaceCast when wide => $"{dst} = addr_space_cast({src}, {i.Imm >>> 16}, {i.Imm & 0xffff})",
        _ => null,
    };

    // The immediate is the width. In class ALU the source bit means "to big-endian"; in ALU64 the swap is unconditional.
    private static string? Swap(Instruction i, bool wide, bool sourceBit)
    {
        if (i.Imm is not (16 or 32 or 64) || (wide && sourceBit))
            return null;
        var name = wide ? "bswap" : sourceBit ? "be" : "le";
        return $"r{i.Dst} = {name}{i.Imm} r{i.Dst}";
    }

    private static string? Operator(byte code) => (code & Opcode.OperationMask) switch
    {
        Opcode.Add => "+",
        Opcode.Sub => "-",
        Opcode.Mul => "*",
        Opcode.Div => "/",
        Opcode.Or => "|",
        Opcode.And => "&",
        Opcode.Lsh => "<<",
        Opcode.Rsh => ">>",
        Opcode.Mod => "%",
        Opcode.Xor => "^",
        Opcode.Arsh => "s>>",
        _ => null,
    };
}
