using System.Text.Json.Serialization;
using Relo.Core.Checks;
using Relo.Core.Objects;
using Relo.Core.Proposals;

namespace Relo.Core.Diagnoses;

/// <summary>Something that a log reports, mapped to the object.</summary>
/// <param name="Kind">What it reports.</param>
/// <param name="Lines">Numbers of the lines that report it, from 1.</param>
/// <param name="Text">The first of these lines, without control characters.</param>
/// <param name="Explanation">What it means for this object on this kernel.</param>
public sealed record Finding(FindingKind Kind, IReadOnlyList<int> Lines, string Text, string Explanation)
{
    /// <summary>The program; null if the log does not name it.</summary>
    public string? Program { get; init; }

    /// <summary>The function of the object that has the instruction, if it is another.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Function { get; init; }

    /// <summary>The ELF section of the instruction.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Section { get; init; }

    /// <summary>
    /// The instruction's index in its section, as in reports. The log counts through the program and the functions it uses.
    /// </summary>
    public int? Instruction { get; init; }

    /// <summary>Indexes of the CO-RE records, as in reports; several if the log does not say which of them it is.</summary>
    public IReadOnlyList<int> Relocations { get; init; } = [];

    /// <summary>The access, or the name of what is missing.</summary>
    public string? Local { get; init; }

    /// <summary>Why it has no target, as in reports.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Reason { get; init; }

    /// <summary>
    /// Whether the verifier reaches an instruction without a target, as in reports; one that it does not reach needs no remedy.
    /// </summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public bool? Reachable { get; init; }

    /// <summary>Whether the kernel's BTF shows what is missing, as in checks.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public CheckStatus? Status { get; init; }

    /// <summary>The evidence of the status.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Evidence { get; init; }

    /// <summary>The release of Linux that introduced a helper.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Since { get; init; }

    /// <summary>The C line.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public SourceLine? Source { get; init; }

    /// <summary>What to do.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public Remedy? Remedy { get; init; }

    /// <summary>What may have replaced a missing field, the most likely first.</summary>
    public IReadOnlyList<FieldProposal> Proposals { get; init; } = [];

    /// <summary>The same on other kernels, if any were asked.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public Elsewhere? Elsewhere { get; init; }

    /// <summary>Index of the access among the object's distinct ones, if it is one that may exist on other kernels.</summary>
    [JsonIgnore]
    internal int? Spec { get; init; }

    /// <summary>How a kernel's BTF shows what is missing.</summary>
    [JsonIgnore]
    internal Need? Need { get; init; }

    /// <summary>Whether it can be looked for on other kernels.</summary>
    [JsonIgnore]
    public bool MayBeElsewhere => Spec is not null || Need is not null;
}
