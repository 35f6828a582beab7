using System.Text.Json.Serialization;
using Relo.Core.Checks;
using Relo.Core.Objects;
using Relo.Core.Proposals;
using Relo.Core.Reachability;

namespace Relo.Core.Report;

/// <summary>The effect of a record on its instruction.</summary>
public enum RelocationEffect
{
    /// <summary>The instruction was rewritten.</summary>
    Changed,

    /// <summary>The instruction was already right.</summary>
    Unchanged,

    /// <summary>There is no target: the instruction was replaced by an invalid call.</summary>
    Poisoned,
}

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
}

/// <summary>The uploaded object.</summary>
/// <param name="Sha256"><c>sha256:</c> and 64 hex digits.</param>
/// <param name="SizeBytes">Size of the file.</param>
/// <param name="ByteOrder"><c>little</c> or <c>big</c>.</param>
/// <param name="License">Text of the <c>license</c> section, if there is one.</param>
/// <param name="Programs">Entry programs and subprograms.</param>
public sealed record ObjectReport(string Sha256, long SizeBytes, string ByteOrder, string? License, IReadOnlyList<ProgramReport> Programs);

/// <summary>A program of the object.</summary>
/// <param name="Name">Name of its function.</param>
/// <param name="Section">ELF section, which names its type and attach point.</param>
/// <param name="Type">Program type by libbpf's section rules (<c>tracing</c>, <c>kprobe</c>, …), <c>subprogram</c> for functions in
/// <c>.text</c>, <c>unknown</c> otherwise.</param>
/// <param name="Instructions">Number of 8-byte instruction slots.</param>
/// <param name="NeedsKernelBtf">Whether loading needs the node's own kernel BTF, regardless of relocation.</param>
/// <param name="Optional">Whether the section name begins with <c>?</c>: loaders load the program only on request.</param>
public sealed record ProgramReport(string Name, string Section, string Type, int Instructions, bool NeedsKernelBtf, bool Optional)
{
    /// <summary>Its verdict on the kernel; for a function in <c>.text</c>, that of its own instructions. Null without a kernel.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public Verdict? Verdict { get; init; }
}

/// <summary>Counts.</summary>
/// <param name="Relocations">CO-RE records in the object.</param>
/// <param name="Changed">Records whose instruction was rewritten.</param>
/// <param name="Unchanged">Records whose instruction was already right.</param>
/// <param name="Poisoned">Records whose instruction was poisoned.</param>
/// <param name="PoisonedReachable">Records whose poisoned instruction can be reached in programs that are loaded by default.</param>
/// <param name="FieldsMoved">Fields whose offset differs.</param>
/// <param name="Absent">Checks of needs that are absent and not optional.</param>
public sealed record RelocationSummary(
    int Relocations, int Changed, int Unchanged, int Poisoned, int PoisonedReachable, int FieldsMoved, int Absent);

/// <summary>A field (or type, or enumerator) that differs between object and kernel; each once.</summary>
public sealed record FieldChange(
    string Type,
    string? Field,
    string AccessPath,
    string Change,
    long? LocalOffsetBytes,
    long? TargetOffsetBytes,
    long? LocalSizeBytes,
    long? TargetSizeBytes,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] int? LocalBitOffset,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] int? TargetBitOffset,
    string? TargetType,
    IReadOnlyList<int> Uses)
{
    /// <summary>What the kernel may have instead of a missing field or enumerator: a guess from the two layouts. Absent if nothing suggests one.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public FieldProposal? Proposal { get; init; }
}

/// <summary>One CO-RE record and its result. <c>Module</c> is the kernel module of <c>Target</c>, null for the kernel itself.</summary>
public sealed record RelocationEntry(
    int Index,
    string Section,
    string? Program,
    int Instruction,
    string Kind,
    string Local,
    string? Target,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? Module,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] IReadOnlyList<string>? Candidates,
    RelocationEffect Outcome,
    string? Reason,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] bool? Reachable,
    long? LocalValue,
    long? TargetValue,
    string Before,
    string After,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] SourceLine? Source);

/// <summary>A finding for the user.</summary>
/// <param name="Code">Stable kebab-case code, such as <c>needs-kernel-btf-program</c>.</param>
/// <param name="Message">The message.</param>
/// <param name="Program">The program it is about.</param>
/// <param name="Relocation">Index of the record it is about.</param>
public sealed record ReportWarning(
    string Code,
    string Message,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? Program = null,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] int? Relocation = null);
