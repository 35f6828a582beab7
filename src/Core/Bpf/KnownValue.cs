namespace Relo.Core.Bpf;

/// <summary>
/// What is known of a register or of 8 bytes of stack, on every path that was followed:
/// <code>
///   Constant 7     Frame -16     Zero (bytes 4..7)
///           \          |          /
///                  Unknown
/// </code>
/// </summary>
/// <param name="Kind">How much is known.</param>
/// <param name="Number">The constant, or the distance from the frame pointer, or for <see cref="ValueKind.Zero"/> which bytes.</param>
internal readonly record struct KnownValue(ValueKind Kind, long Number)
{
    public static KnownValue Unknown => default;

    public static KnownValue Constant(ulong number) => new(ValueKind.Constant, unchecked((long)number));

    /// <summary>An address within the function's stack frame, or not far from it: what moves far away is no longer followed.</summary>
    public static KnownValue Frame(long distance) => distance is > -32768 and < 32768 ? new(ValueKind.Frame, distance) : Unknown;

    /// <summary>Some bytes of a stack slot, known to be zero; only for slots.</summary>
    public static KnownValue Zero(int firstByte, int bytes) => new(ValueKind.Zero, (firstByte * 16) + bytes);

    public bool IsConstant => Kind == ValueKind.Constant;

    public bool IsFrame => Kind == ValueKind.Frame;

    public ulong Bits => unchecked((ulong)Number);

    /// <summary>What is known where two paths meet.</summary>
    public KnownValue Join(KnownValue other) => this == other ? this : Unknown;
}

internal enum ValueKind : byte
{
    Unknown,
    Constant,
    Frame,
    Zero,
}
