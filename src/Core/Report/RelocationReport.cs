using System.Text.Json.Serialization;
using Relo.Core.Checks;
using Relo.Core.Objects;
using Relo.Core.Reachability;

namespace Relo.Core.Report;

/// <summary>
/// The report of one relocation, as in the HTTP contract except for what only the service knows (<c>kernel</c>, <c>url</c>). Field changes,
/// relocations and warnings are printed when they are read, from the object's own types: no kernel needs to be open, and no list of their
/// texts exists.
/// </summary>
/// <param name="Object">The object and its programs, each with its verdict.</param>
/// <param name="Verdict">The verdict of the programs that are loaded by default.</param>
/// <param name="Assumes">The assumptions of the verdict besides the two inputs: <c>LINUX_KERNEL_VERSION = 6.1.158</c>, <c>.rodata wide =
/// 0</c>.</param>
/// <param name="Summary">Counts.</param>
/// <param name="FieldChanges">The differences between object and kernel.</param>
/// <param name="Relocations">Each record and its result.</param>
/// <param name="Checks">What the object needs of the kernel besides types, and whether the kernel has it.</param>
/// <param name="Warnings">Further findings for the user.</param>
public sealed record RelocationReport(
    ObjectReport Object,
    Verdict Verdict,
    IReadOnlyList<string> Assumes,
    RelocationSummary Summary,
    IReadOnlyList<FieldChange> FieldChanges,
    IReadOnlyList<RelocationEntry> Relocations,
    IReadOnlyList<Check> Checks,
    IEnumerable<ReportWarning> Warnings)
{
    /// <summary>The kernel modules whose types the object uses.</summary>
    [JsonIgnore]
    public IReadOnlySet<string> Modules { get; init; } = new HashSet<string>();

    /// <summary>Characters of all its texts.</summary>
    [JsonIgnore]
    public long Characters { get; init; }

    /// <summary>The estimated memory it holds, including the object, in bytes.</summary>
    [JsonIgnore]
    public long HeldBytes { get; init; }

    internal BpfObject? Bpf { get; init; }

    /// <summary><see cref="Object"/> with every instruction of its programs, before and after.</summary>
    /// <param name="patched">The relocated object.</param>
    public ObjectReport Disassembled(ReadOnlyMemory<byte> patched) => Bpf is null ? Object : Object with
    {
        Programs = [.. Object.Programs.Zip(Bpf.Programs, (described, program) => described with
        {
            Disassembly = new ProgramDisassembly(Bpf, program, patched),
        })],
    };
}
