using System.Text;
using Relo.Core.Bytes;

namespace Relo.Core.Report;

/// <summary>Lays a report out as plain text for terminals and logs: at most 100 columns, no control characters, no colours.</summary>
public static class TextLayout
{
    /// <summary>The most columns of a line.</summary>
    public const int Columns = 100;

    private const int MaxCell = 400, Indent = 2;

    /// <summary>The lines, each without its line break.</summary>
    public static IEnumerable<string> Lines(ReadableReport report)
    {
        foreach (var line in Wrap(report.Headline, "", "")) yield return line;
        foreach (var line in Named(report.Facts)) yield return line;
        foreach (var section in report.Sections)
        {
            yield return "";
            foreach (var line in Wrap(section.Title, "", "")) yield return line;
            foreach (var line in RowsOf(section)) yield return line;
            if (section.Code is not null) yield return "";
            foreach (var line in section.CodeLines) yield return $"    {line}".TrimEnd();
            if (section.More is { } more) yield return $"  ... and {more}";
        }
    }

    private static IEnumerable<string> RowsOf(ReadableSection section)
    {
        if (section.IsStacked) return section.Rows.SelectMany(Stacked);
        if (section.IsNamed) return Named([.. section.Rows.Select(row => (row[0], row[1]))]);
        var rows = section.Rows.Select(row => row.Select(Clean).ToArray()).ToArray(); // at most MostRows
        var widths = section.Columns.Select((_, column) => rows.Max(row => WidthOf(row[column]))).ToArray();
        return rows.SelectMany(row => InColumns(row, widths));
    }

    private static IEnumerable<string> Named(IReadOnlyCollection<(string Name, string Value)> facts)
    {
        var width = facts.Select(fact => fact.Name.Length).DefaultIfEmpty().Max();
        var indent = new string(' ', Indent + width + Indent);
        return facts.SelectMany(fact => Wrap(fact.Value, $"  {fact.Name.PadRight(width)}  ", indent));
    }

    // One line if it fits, else as if it were stacked.
    private static IEnumerable<string> InColumns(string[] row, int[] widths)
    {
        var line = new StringBuilder();
        for (var i = 0; i < row.Length; i++) line.Append("  ").Append(row[i]).Append(' ', widths[i] - WidthOf(row[i]));
        var text = line.ToString().TrimEnd();
        return WidthOf(text) <= Columns ? [text] : Stacked(row);
    }

    private static IEnumerable<string> Stacked(IReadOnlyList<string> row)
    {
        var indent = "  ";
        foreach (var cell in row.Where(cell => cell.Length > 0))
        {
            foreach (var line in Wrap(cell, indent, "      ")) yield return line;
            indent = "    ";
        }
    }

    private static IEnumerable<string> Wrap(string text, string first, string next) => TextLines.Wrap(Clean(text), first, next, Columns);

    private static int WidthOf(string text) => TextLines.WidthOf(text);

    private static string Clean(string text) => Printable.Of(Clipped.To(text, MaxCell));
}
