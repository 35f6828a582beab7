namespace Relo.Core.Report;

/// <summary>
/// Lays a report out as GitHub's Markdown for comments on pull requests: tables, less important ones folded. Texts of the object and of
/// the kernel cannot break out of their cells (<see cref="MarkdownText"/>).
/// </summary>
public static class MarkdownLayout
{
    private const int MaxCell = 300;

    /// <summary>The lines, each without its line break.</summary>
    public static IEnumerable<string> Lines(ReadableReport report)
    {
        yield return $"### {report.Headline}";
        yield return "";
        yield return "| | |";
        yield return "|---|---|";
        foreach (var (name, value) in report.Facts) yield return $"| {name} | {Cell(value)} |";
        foreach (var section in report.Sections)
        {
            yield return "";
            yield return section.IsFolded ? $"<details><summary>{section.Title}</summary>" : $"#### {section.Title}";
            yield return "";
            yield return $"| {string.Join(" | ", section.Columns)} |";
            yield return $"|{string.Concat(section.Columns.Select(_ => "---|"))}";
            foreach (var row in section.Rows)
                yield return $"| {string.Join(" | ", section.IsNamed ? [row[0], Cell(row[1])] : row.Select(Cell))} |";
            foreach (var line in CodeBlock([.. section.CodeLines])) yield return line;
            if (section.More is { } more)
            {
                yield return "";
                yield return $"… and {more}";
            }

            if (!section.IsFolded) continue;
            yield return "";
            yield return "</details>";
        }
    }

    // CommonMark §4.5: only a line of at least as many backticks ends the block.
    private static IEnumerable<string> CodeBlock(IReadOnlyList<string> lines)
    {
        if (lines.Count == 0) return [];
        var fence = new string('`', Math.Max(3, 1 + lines.Max(line => line.Count(c => c == '`'))));
        return ["", $"{fence}c", .. lines, fence];
    }

    private static string Cell(string text) => text.Length == 0 ? "" : MarkdownText.Code(Clipped.To(text, MaxCell));
}
