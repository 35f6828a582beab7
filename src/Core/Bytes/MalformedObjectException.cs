namespace Relo.Core.Bytes;

/// <summary>
/// The bytes are malformed. The only exception that reading an object or BTF throws for bad input; any other exception is a defect
/// of this library.
/// </summary>
public sealed class MalformedObjectException : Exception
{
    /// <summary>
    /// One of <see cref="NotABpfObject"/>, <see cref="MalformedObject"/>, <see cref="NoBtf"/>, <see cref="AlreadyRelocated"/>, <see
    /// cref="InvalidBtf"/>.
    /// </summary>
    public string Code { get; }

    /// <summary>The section the fault is in (<c>.BTF</c>, <c>ELF header</c>, …).</summary>
    public string Section { get; }

    /// <summary>Byte offset of the fault within <see cref="Section"/>.</summary>
    public long Offset { get; }

    /// <summary>The number of CO-RE records that a loader would apply, ignoring the others; null for other faults.</summary>
    public int? RecordsRead { get; init; }

    /// <summary>Not a 64-bit ELF file for EM_BPF.</summary>
    public const string NotABpfObject = "not-a-bpf-object";

    /// <summary>A BPF ELF file with an inconsistent structure.</summary>
    public const string MalformedObject = "malformed-object";

    /// <summary>A valid object without the <c>.BTF</c> that it needs.</summary>
    public const string NoBtf = "no-btf";

    /// <summary>An object whose CO-RE records are disabled, because it was relocated for some kernel.</summary>
    public const string AlreadyRelocated = "already-relocated";

    /// <summary>Malformed BTF of a kernel or module.</summary>
    public const string InvalidBtf = "invalid-btf";

    /// <summary>The message states what was found, what was expected, and where.</summary>
    public MalformedObjectException(string code, string section, long offset, string message)
        : base($"{section} at 0x{offset:x}: {message}")
    {
        Code = code;
        Section = section;
        Offset = offset;
    }
}
