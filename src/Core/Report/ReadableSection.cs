using Relo.Core.Bytes;

namespace Relo.Core.Report;

/// <summary>A table of a report for people.</summary>
/// <param name="Title">Its title.</param>
/// <param name="Columns">The names of its columns.</param>
/// <param name="Rows">Its rows, with a cell for each column. Their text is untrusted.</param>
/// <param name="More">What it leaves out: <c>120 more</c>; null if nothing.</param>
public sealed record ReadableSection(
    string Title, IReadOnlyList<string> Columns, IEnumerable<IReadOnlyList<string>> Rows, string? More = null)
{
    private const int MostCharacters = 400;

    /// <summary>Whether a layout that can fold hides the rows at first.</summary>
    public bool IsFolded { get; init; }

    /// <summary>Whether a row has long cells, each of which stands on a line of its own where there are no tables.</summary>
    public bool IsStacked { get; init; }

    /// <summary>Whether a row is the name of something and a text about it.</summary>
    public bool IsNamed { get; init; }

    /// <summary>C code after the rows; null if there is none. Its names are untrusted.</summary>
    public string? Code { get; init; }

    /// <summary>The lines of the code, without control characters.</summary>
    internal IEnumerable<string> CodeLines => Code is null ? [] : Code.Replace("\t", "    ", StringComparison.Ordinal).Split('\n')
        .Select(line => Printable.Of(Clipped.To(line, MostCharacters)));

    /// <summary>The first rows of many.</summary>
    internal static ReadableSection OfMany(
        string title, IReadOnlyList<string> columns, IReadOnlyCollection<IReadOnlyList<string>> rows) =>
        new(title, columns, rows.Take(ReadableReport.MostRows),
            rows.Count > ReadableReport.MostRows ? $"{rows.Count - ReadableReport.MostRows} more" : null);
}
