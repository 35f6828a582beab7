namespace Relo.Core.Diagnoses;

/// <summary>A line that reports something, before it is mapped to the object.</summary>
/// <param name="Line">The line.</param>
/// <param name="Kind">What it reports.</param>
/// <param name="Trace">The verifier's log that it is in, or the lines about one program.</param>
internal sealed record LogMessage(LogLine Line, FindingKind Kind, VerifierTrace Trace)
{
    /// <summary>The instruction of the program as loaded; null if the log does not say.</summary>
    public int? Instruction { get; init; }

    /// <summary>The name of what is missing; null if the line has none.</summary>
    public string? Name { get; init; }

    /// <summary>The number of a helper, or libbpf's number of a record in its section.</summary>
    public int? Number { get; init; }

    /// <summary>The access as libbpf writes it: <c>&lt;byte_off&gt; [5] struct task_struct.state (0:1 @ offset 16)</c>.</summary>
    public string? Spec { get; set; }

    /// <summary>The numbers of further lines that say the same.</summary>
    public List<int> Repeats { get; } = [];
}
