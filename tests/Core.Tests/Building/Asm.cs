using Relo.Core.Bpf;

namespace Relo.Core.Tests.Building;

/// <summary>Instructions as llvm's assembler names them, for programs written by hand.</summary>
internal static class Asm
{
    public const byte FramePointer = 10;

    /// <summary><c>r1 = 5</c></summary>
    public static Instruction Mov(byte dst, int value) => Alu(Opcode.Mov, dst, value);

    /// <summary><c>w1 = 5</c></summary>
    public static Instruction Mov32(byte dst, int value) => Alu32(Opcode.Mov, dst, value);

    /// <summary><c>r1 = r2</c></summary>
    public static Instruction MovReg(byte dst, byte src) => AluReg(Opcode.Mov, dst, src);

    /// <summary><c>w1 = w2</c></summary>
    public static Instruction MovReg32(byte dst, byte src) => new((byte)(Opcode.Alu32 | Opcode.Mov | Opcode.SourceReg), dst, src, 0, 0);

    /// <summary><c>r1 += 5</c> and the like.</summary>
    public static Instruction Alu(byte operation, byte dst, int value) => new((byte)(Opcode.Alu64 | operation), dst, 0, 0, value);

    /// <summary><c>w1 += 5</c> and the like.</summary>
    public static Instruction Alu32(byte operation, byte dst, int value) => new((byte)(Opcode.Alu32 | operation), dst, 0, 0, value);

    /// <summary><c>r1 += r2</c> and the like.</summary>
    public static Instruction AluReg(byte operation, byte dst, byte src) =>
        new((byte)(Opcode.Alu64 | operation | Opcode.SourceReg), dst, src, 0, 0);

    /// <summary><c>r1 = 5 ll</c>, two slots.</summary>
    public static Instruction[] Load64(byte dst, ulong value, byte src = 0) =>
        [new(Opcode.LoadImm64, dst, src, 0, (int)value), new(0, 0, 0, 0, (int)(value >> 32))];

    /// <summary><c>*(u64 *)(r10 - 8) = r1</c></summary>
    public static Instruction Store(byte address, short offset, byte src, int bytes = 8) =>
        new((byte)(Opcode.Stx | Opcode.Mem | Size(bytes)), address, src, offset, 0);

    /// <summary><c>*(u64 *)(r10 - 8) = 5</c></summary>
    public static Instruction StoreImm(byte address, short offset, int value, int bytes = 8) =>
        new((byte)(Opcode.St | Opcode.Mem | Size(bytes)), address, 0, offset, value);

    /// <summary><c>r1 = *(u64 *)(r10 - 8)</c></summary>
    public static Instruction Load(byte dst, byte address, short offset, int bytes = 8) =>
        new((byte)(Opcode.Ldx | Opcode.Mem | Size(bytes)), dst, address, offset, 0);

    /// <summary><c>if r1 == 5 goto +2</c> and the like.</summary>
    public static Instruction If(byte comparison, byte dst, int value, short distance) =>
        new((byte)(Opcode.Jmp | comparison), dst, 0, distance, value);

    /// <summary><c>if w1 == 5 goto +2</c> and the like.</summary>
    public static Instruction If32(byte comparison, byte dst, int value, short distance) =>
        new((byte)(Opcode.Jmp32 | comparison), dst, 0, distance, value);

    /// <summary><c>if r1 == r2 goto +2</c> and the like.</summary>
    public static Instruction IfReg(byte comparison, byte dst, byte src, short distance) =>
        new((byte)(Opcode.Jmp | comparison | Opcode.SourceReg), dst, src, distance, 0);

    public static Instruction Goto(short distance) => new(Opcode.Jmp | Opcode.Ja, 0, 0, distance, 0);

    /// <summary>A call of a helper.</summary>
    public static Instruction Helper(int number) => new(Opcode.Jmp | Opcode.Call, 0, 0, 0, number);

    /// <summary>A call of a function of the object.</summary>
    public static Instruction Call(int distance) => new(Opcode.Jmp | Opcode.Call, 0, 1, 0, distance);

    public static Instruction Exit { get; } = new(Opcode.Jmp | Opcode.Exit, 0, 0, 0, 0);

    private static byte Size(int bytes) => bytes switch { 8 => Opcode.Double, 4 => Opcode.Word, 2 => Opcode.Half, _ => Opcode.Byte };
}
