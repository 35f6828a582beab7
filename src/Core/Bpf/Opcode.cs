namespace Relo.Core.Bpf;

/// <summary>
/// Names for the bits of an opcode byte (kernel Documentation/bpf/standardization/instruction-set.rst):
/// <code>
///   arithmetic and jumps        loads and stores
///   +----+-+---+                +---+--+---+
///   | op |s|cls|                |mod|sz|cls|
///   +----+-+---+                +---+--+---+
///   7    4 3 2 0                7   5 4 3 2 0
/// </code>
/// </summary>
internal static class Opcode
{
    // Instruction classes, the low three bits.
    public const byte ClassMask = 0x07;
    public const byte Ld = 0x00;
    public const byte Ldx = 0x01;
    public const byte St = 0x02;
    public const byte Stx = 0x03;
    public const byte Alu32 = 0x04;
    public const byte Jmp = 0x05;
    public const byte Jmp32 = 0x06;
    public const byte Alu64 = 0x07;

    // Arithmetic and jumps: the source of the second operand.
    public const byte SourceMask = 0x08;
    public const byte SourceImm = 0x00;
    public const byte SourceReg = 0x08;
    public const byte OperationMask = 0xf0;

    // Arithmetic operations.
    public const byte Add = 0x00;
    public const byte Sub = 0x10;
    public const byte Mul = 0x20;
    public const byte Div = 0x30;
    public const byte Or = 0x40;
    public const byte And = 0x50;
    public const byte Lsh = 0x60;
    public const byte Rsh = 0x70;
    public const byte Neg = 0x80;
    public const byte Mod = 0x90;
    public const byte Xor = 0xa0;
    public const byte Mov = 0xb0;
    public const byte Arsh = 0xc0;
    public const byte End = 0xd0;

    // Jump operations.
    public const byte Ja = 0x00;
    public const byte Jeq = 0x10;
    public const byte Jgt = 0x20;
    public const byte Jge = 0x30;
    public const byte Jset = 0x40;
    public const byte Jne = 0x50;
    public const byte Jsgt = 0x60;
    public const byte Jsge = 0x70;
    public const byte Call = 0x80;
    public const byte Exit = 0x90;
    public const byte Jlt = 0xa0;
    public const byte Jle = 0xb0;
    public const byte Jslt = 0xc0;
    public const byte Jsle = 0xd0;
    public const byte Jcond = 0xe0;

    // Loads and stores: access size.
    public const byte SizeMask = 0x18;
    public const byte Word = 0x00;
    public const byte Half = 0x08;
    public const byte Byte = 0x10;
    public const byte Double = 0x18;

    // Loads and stores: mode.
    public const byte ModeMask = 0xe0;
    public const byte Imm = 0x00;
    public const byte Abs = 0x20;
    public const byte Ind = 0x40;
    public const byte Mem = 0x60;
    public const byte MemSignExtended = 0x80;
    public const byte Atomic = 0xc0;

    // Atomic operations, in the immediate.
    public const int Fetch = 0x01;
    public const int Exchange = 0xe0 | Fetch;
    public const int CompareExchange = 0xf0 | Fetch;
    public const int LoadAcquire = 0x100;
    public const int StoreRelease = 0x110;

    /// <summary>First slot of the 64-bit immediate load; the second slot has opcode 0 and holds the upper half.</summary>
    public const byte LoadImm64 = Ld | Imm | Double;

    /// <summary>An access size as bits of the opcode, in bytes.</summary>
    public static int SizeBytes(byte code) => (code & SizeMask) switch
    {
        Word => 4,
        Half => 2,
        Byte => 1,
        _ => 8,
    };
}
