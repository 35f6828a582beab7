using System.Text.RegularExpressions;

namespace Relo.Core.Diagnoses;

/// <summary>The form of a message that loaders or the verifier write.</summary>
/// <param name="Kind">What it reports.</param>
/// <param name="Literal">A part that every such line has, so that most lines need no regular expression.</param>
/// <param name="Pattern">The line, with groups <c>name</c>, <c>n</c> (a number) and <c>program</c> where it has them.</param>
/// <param name="Example">How it looks, for users.</param>
internal sealed record LogForm(FindingKind Kind, string Literal, Regex Pattern, string Example)
{
    public LogForm(FindingKind kind, string literal, string pattern, string example)
        : this(kind, literal,
            new Regex(pattern, RegexOptions.NonBacktracking | RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture), example)
    {
    }

    /// <summary>The match of a line; null if it has another form.</summary>
    public Match? Match(string text) =>
        text.Contains(Literal, StringComparison.Ordinal) && Pattern.Match(text) is { Success: true } match ? match : null;
}
