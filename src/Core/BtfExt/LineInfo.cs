namespace Relo.Core.BtfExt;

/// <summary>The source line that begins at an instruction (struct bpf_line_info).</summary>
/// <param name="InstructionOffset">Byte offset of the instruction within its section.</param>
/// <param name="FileNameOffset">String offset of the file name.</param>
/// <param name="TextOffset">String offset of the line's text.</param>
/// <param name="LineAndColumn">Line in the upper 22 bits, column in the lower 10.</param>
public readonly record struct LineInfo(uint InstructionOffset, uint FileNameOffset, uint TextOffset, uint LineAndColumn)
    : IBtfExtRecord<LineInfo>
{
    /// <summary>Bytes of a record that this program knows.</summary>
    public const int Size = 16;

    /// <summary>Line, from 1.</summary>
    public int Line => (int)(LineAndColumn >> 10);

    /// <summary>Column, from 1; 0 when unknown.</summary>
    public int Column => (int)(LineAndColumn & 0x3ff);

    static LineInfo IBtfExtRecord<LineInfo>.Of(uint a, uint b, uint c, uint d) => new(a, b, c, d);
}
