namespace Relo.Core.Bytes;

/// <summary>
/// The bytes are not what they claim to be. The only exception that reading an object or a BTF throws for bad input;
/// anything else that flies is a defect of ours.
/// </summary>
public sealed class MalformedObjectException : Exception
{
    /// <summary>One of <see cref="NotABpfObject"/>, <see cref="MalformedObject"/>, <see cref="NoBtf"/>, <see cref="AlreadyRelocated"/>, <see cref="InvalidBtf"/>.</summary>
    public string Code { get; }

    /// <summary>The section the fault is in (<c>.BTF</c>, <c>ELF header</c>, …).</summary>
    public string Section { get; }

    /// <summary>Byte offset of the fault within <see cref="Section"/>.</summary>
    public long Offset { get; }

    /// <summary>How many CO-RE records a loader would apply and take for all; null where that is not the matter.</summary>
    public int? RecordsRead { get; init; }

    /// <summary>No 64-bit ELF for EM_BPF at all.</summary>
    public const string NotABpfObject = "not-a-bpf-object";

    /// <summary>An ELF for BPF whose structure is broken.</summary>
    public const string MalformedObject = "malformed-object";

    /// <summary>A sound object without the <c>.BTF</c> that it needs.</summary>
    public const string NoBtf = "no-btf";

    /// <summary>An object whose CO-RE records are switched off, because it was relocated for some kernel.</summary>
    public const string AlreadyRelocated = "already-relocated";

    /// <summary>BTF bytes (of a kernel or module) that are broken.</summary>
    public const string InvalidBtf = "invalid-btf";

    /// <summary>Says what was found, what was expected, and where.</summary>
    public MalformedObjectException(string code, string section, long offset, string message)
        : base($"{section} at 0x{offset:x}: {message}")
    {
        Code = code;
        Section = section;
        Offset = offset;
    }
}
