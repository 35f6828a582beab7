namespace Relo.Conformance.Comparison;

/// <summary>
/// The only differences that are allowed: where Debian's libbpf 1.1 is not today's libbpf, which we follow. Each with the
/// commit that changed libbpf.
/// </summary>
public static class KnownExceptions
{
    /// <summary>libbpf 1.1 reads a signedness from types without one: generated BTF ends with an int, so that it reads 0.</summary>
    // f3bdb54f09ab (2023-08-24): the word behind any type was taken for the encoding of an int. It is nearly always a small
    // number without that bit; behind the last type it is the strings.
    public const bool ReadsBehindTheLastType = true;

    /// <summary>
    /// Whether libbpf 1.1 computes the size of a load or store of this field differently from today's: such pairs are not generated.
    /// </summary>
    /// <param name="fieldIsArray">Whether the record is about a whole array.</param>
    public static bool MeasuresWholeArrays(bool fieldIsArray)
    {
        // d7a4ab15 (2025-02-24): libbpf compared the sizes of whole arrays where it now compares those of their innermost
        // elements, so a load from an array whose length differs was poisoned.
        return fieldIsArray;
    }

    /// <summary>The exception that explains why we refuse an input that libbpf 1.1 relocated, or null.</summary>
    /// <param name="record">The record that we refuse.</param>
    /// <param name="opcode">Opcode of its instruction when the record is relocated.</param>
    /// <param name="theirs">What libbpf made of the instruction.</param>
    public static string? ExplainRefusal(RecordPlace record, byte? opcode, ReadOnlySpan<byte> theirs)
    {
        // 5ca5801a (2026-04-09): negative indices in access strings are refused.
        if (record.Access.Contains('-', StringComparison.Ordinal)) return "5ca5801a";
        // 394ae398337c (2026-09): only an instruction that could hold a value is poisoned.
        if (opcode is { } code && !CanHoldValue(code) && theirs.SequenceEqual(Poison)) return "394ae398337c";
        return null;
    }

    private static ReadOnlySpan<byte> Poison => [0x85, 0, 0, 0, 0x10, 0x23, 0xad, 0x0b];

    // Class and source of linux/bpf_common.h: LD, LDX, ST, STX, ALU, JMP, JMP32, ALU64.
    private static bool CanHoldValue(byte code) => (code & 7) switch
    {
        0 => code == 0x18, // the 64-bit immediate
        1 or 2 or 3 => true,
        4 or 7 => (code & 8) == 0, // an immediate, no register
        _ => false,
    };
}
