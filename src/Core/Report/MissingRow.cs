using Relo.Core.Objects;

namespace Relo.Core.Report;

/// <summary>An access that does not exist on a kernel, for people.</summary>
/// <param name="Local">The access in the object's types.</param>
/// <param name="Reason">The reason, as in reports.</param>
/// <param name="Program">The function that contains it.</param>
/// <param name="Place">Its instruction, where no C line is known.</param>
/// <param name="Source">Its C line.</param>
/// <param name="Proposal">What may have replaced it.</param>
internal readonly record struct MissingRow(
    string Local, string? Reason, string? Program, string? Place, SourceLine? Source, string? Proposal)
{
    /// <summary>The columns of <see cref="Cells"/>.</summary>
    public static readonly string[] Columns = ["line", "access", "reason", "program", "source"];

    /// <summary>The cells of its row.</summary>
    public IReadOnlyList<string> Cells() =>
    [
        Source is null ? Place ?? "no C line is known" : $"{Source.File}:{Source.Line}:{Source.Column}",
        Local,
        Reason is null ? "" : $"{Reason}: {Reasons.WordsOf(Reason)}{(Proposal is null ? "" : $"; {Proposal}")}",
        Program is null ? "" : $"in {Program}",
        Source?.Text ?? "",
    ];
}
