namespace Relo.Core.Reachability;

/// <summary>
/// What the verifier knows of a register or of 8 bytes of stack on one path. What is not told apart is <see cref="Unknown"/>; what is not
/// known but
/// certainly no address of the stack is <see cref="Other"/>, so that a store through it leaves the stack alone.
/// </summary>
/// <param name="Kind">How much is known.</param>
/// <param name="Number">The constant; the lower bound of a range; the offset of an address; for <see cref="ValueKind.Zeros"/> a mask of
/// bytes.</param>
/// <param name="Place">What an address is of: depth of the frame, section, function or extern. Of a range the distance to its upper
/// bound.</param>
/// <param name="Assumed">The assumptions that it rests on, a bit each.</param>
internal readonly record struct KnownValue(ValueKind Kind, long Number = 0, int Place = 0, uint Assumed = 0)
{
    public static KnownValue Unknown => default;

    /// <summary>A number that is not known, or an address of anything but the stack.</summary>
    public static KnownValue Other { get; } = new(ValueKind.Other);

    /// <summary>
    /// A number that is not known, and no address of anything. Those of one identity, other than 0, are copies of each other.
    /// </summary>
    public static KnownValue Scalar(long identity = 0) => new(ValueKind.Scalar, identity);

    /// <summary>Neither 0 nor an address of the stack, such as the address of a kernel function.</summary>
    public static KnownValue NotZero(uint assumed) => new(ValueKind.NotZero, Assumed: assumed);

    public static KnownValue Constant(ulong number, uint assumed = 0) => new(ValueKind.Constant, unchecked((long)number), Assumed: assumed);

    /// <summary>A number of 32 bits between two bounds, both included.</summary>
    public static KnownValue Range(uint low, uint high, uint assumed) =>
        low == high ? Constant(low, assumed) : new(ValueKind.Range, low, checked((int)(high - low)), assumed);

    /// <summary>An address within a stack frame, or not far from it: what moves far away is no longer followed.</summary>
    public static KnownValue Frame(int depth, long distance) =>
        distance is > -32768 and < 32768 ? new(ValueKind.Frame, distance, depth) : Unknown;

    /// <summary>An address in a section of read-only variables, or in a jump table.</summary>
    public static KnownValue Data(int section, long offset) => new(ValueKind.Data, offset, section);

    /// <summary>The address of a variable that the loader fills in.</summary>
    public static KnownValue Extern(int index) => new(ValueKind.Extern, 0, index);

    /// <summary>The address of a function of the object.</summary>
    public static KnownValue Function(int index) => new(ValueKind.Function, 0, index);

    /// <summary>Some bytes of a stack slot known to be zero; only for slots.</summary>
    public static KnownValue Zeros(byte bytes, uint assumed) => new(ValueKind.Zeros, bytes, Assumed: assumed);

    /// <summary>A number of fewer than 8 bytes at the start of a stack slot; only for slots.</summary>
    public static KnownValue Small(uint number, int bytes, uint assumed) => new(ValueKind.Small, number, bytes, assumed);

    public bool IsConstant => Kind == ValueKind.Constant;

    public bool IsNumber => Kind is ValueKind.Scalar or ValueKind.Constant or ValueKind.Range;

    public ulong Bits => unchecked((ulong)Number);

    /// <summary>Whether it may be an address of the stack.</summary>
    public bool MayBeStack => Kind is ValueKind.Unknown or ValueKind.Frame;

    /// <summary>Whether all that can follow from <paramref name="other"/> follows from this as well.</summary>
    public bool Covers(KnownValue other) =>
        this == other || Kind == ValueKind.Unknown || (Kind == ValueKind.Other && other.Kind != ValueKind.Function && !other.MayBeStack)
        || (this == Scalar() && other.IsNumber);

    /// <summary>What is known where two paths meet.</summary>
    public KnownValue Join(KnownValue other) =>
        this == other ? this : MayBeStack || other.MayBeStack ? Unknown : IsNumber && other.IsNumber ? Scalar() : Other;
}

internal enum ValueKind : byte
{
    Unknown,
    Other,
    Scalar,
    NotZero,
    Constant,
    Range,
    Frame,
    Data,
    Extern,
    Function,
    Zeros,
    Small,
}
