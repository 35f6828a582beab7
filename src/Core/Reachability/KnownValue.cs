namespace Relo.Core.Reachability;

/// <summary>
/// What the verifier knows on one path of a register or of 8 bytes of stack. <see cref="Unknown"/> covers everything that we do not
/// distinguish; <see cref="Other"/> is unknown but not an address of the stack, so that a store through it does not change the stack.
/// </summary>
/// <param name="Kind">How much is known.</param>
/// <param name="Number">
/// The constant; the lower bound of a range; the offset of an address; for <see cref="ValueKind.Zeros"/> a mask of bytes.
/// </param>
/// <param name="Place">
/// For an address, its object: depth of the frame, section, function or extern. For a range, the distance to its upper bound.
/// </param>
/// <param name="Assumed">The assumptions it depends on, one bit each.</param>
internal readonly record struct KnownValue(ValueKind Kind, long Number = 0, int Place = 0, uint Assumed = 0)
{
    public static KnownValue Unknown => default;

    /// <summary>An unknown number, or an address of anything but the stack.</summary>
    public static KnownValue Other { get; } = new(ValueKind.Other);

    /// <summary>
    /// An unknown number that is not an address. Values with the same nonzero identity are copies of each other.
    /// </summary>
    public static KnownValue Scalar(long identity = 0) => new(ValueKind.Scalar, identity);

    /// <summary>Neither 0 nor an address of the stack, such as the address of a kernel function.</summary>
    public static KnownValue NotZero(uint assumed) => new(ValueKind.NotZero, Assumed: assumed);

    public static KnownValue Constant(ulong number, uint assumed = 0) => new(ValueKind.Constant, unchecked((long)number), Assumed: assumed);

    /// <summary>A 32-bit number between two inclusive bounds.</summary>
    public static KnownValue Range(uint low, uint high, uint assumed) =>
        low == high ? Constant(low, assumed) : new(ValueKind.Range, low, checked((int)(high - low)), assumed);

    /// <summary>An address within or near a stack frame; addresses that move far away are no longer tracked.</summary>
    public static KnownValue Frame(int depth, long distance) =>
        distance is > -32768 and < 32768 ? new(ValueKind.Frame, distance, depth) : Unknown;

    /// <summary>An address in a section of read-only variables, or in a jump table.</summary>
    public static KnownValue Data(int section, long offset) => new(ValueKind.Data, offset, section);

    /// <summary>The address of a variable that the loader fills in.</summary>
    public static KnownValue Extern(int index) => new(ValueKind.Extern, 0, index);

    /// <summary>The address of a function of the object.</summary>
    public static KnownValue Function(int index) => new(ValueKind.Function, 0, index);

    /// <summary>The context that the kernel passes to a program. Only a walk that asks for reads of it distinguishes it.</summary>
    public static KnownValue Context { get; } = new(ValueKind.Context);

    /// <summary>Some bytes of a stack slot known to be zero; only for slots.</summary>
    public static KnownValue Zeros(byte bytes, uint assumed) => new(ValueKind.Zeros, bytes, Assumed: assumed);

    /// <summary>A number of fewer than 8 bytes at the start of a stack slot; only for slots.</summary>
    public static KnownValue Small(uint number, int bytes, uint assumed) => new(ValueKind.Small, number, bytes, assumed);

    public bool IsConstant => Kind == ValueKind.Constant;

    public bool IsNumber => Kind is ValueKind.Scalar or ValueKind.Constant or ValueKind.Range;

    public ulong Bits => unchecked((ulong)Number);

    /// <summary>Whether it may be an address of the stack.</summary>
    public bool MayBeStack => Kind is ValueKind.Unknown or ValueKind.Frame;

    /// <summary>Whether everything that can follow from <paramref name="other"/> can also follow from this value.</summary>
    public bool Covers(KnownValue other) =>
        this == other || Kind == ValueKind.Unknown || (Kind == ValueKind.Other && other.Kind != ValueKind.Function && !other.MayBeStack)
        || (this == Scalar() && other.IsNumber);

    /// <summary>What remains known after two paths join.</summary>
    public KnownValue Join(KnownValue other) =>
        this == other ? this : MayBeStack || other.MayBeStack ? Unknown : IsNumber && other.IsNumber ? Scalar() : Other;
}
