using Relo.Core.Btf;

namespace Relo.Core;

/// <summary>CO-RE relocation of a whole object against one kernel's BTF: a pure function of the two.</summary>
public static class Relocator
{
    /// <summary>Relocates every record of <paramref name="bpf"/>.</summary>
    /// <returns><see cref="Relocated"/>, or <see cref="RelocationFailed"/> for what libbpf treats as a hard error.</returns>
    public static RelocationOutcome Relocate(BpfObject bpf, BtfTypes kernel, CancellationToken cancellation = default) => throw new NotSupportedException();
}

/// <summary>What came of relocating an object.</summary>
public abstract record RelocationOutcome
{
    private protected RelocationOutcome() { }
}

/// <summary>Every record was relocated (some perhaps to a poisoned instruction).</summary>
/// <param name="PatchedBytes">The object to load: as long as the original, and the same bytes when there was nothing to relocate.</param>
public sealed record Relocated(ReadOnlyMemory<byte> PatchedBytes) : RelocationOutcome;

/// <summary>libbpf would refuse to load the object against this kernel.</summary>
/// <param name="Index">Index of the record among all the object's CO-RE records, in <c>.BTF.ext</c> order.</param>
/// <param name="Message">The text a user of libbpf would recognise.</param>
/// <param name="Section">ELF section of the record's instruction.</param>
/// <param name="Program">Program of the record's instruction.</param>
/// <param name="Instruction">Index of the instruction within its section.</param>
/// <param name="Kind">Name of the record's kind (<c>field-byte-offset</c>, …).</param>
/// <param name="Local">The local spec as libbpf prints it, when it could be read.</param>
public sealed record RelocationFailed(int Index, string Message, string Section, string? Program, int Instruction, string Kind, string? Local) : RelocationOutcome;
