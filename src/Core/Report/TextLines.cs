using System.Text;

namespace Relo.Core.Report;

/// <summary>Breaks a text into lines of a terminal.</summary>
internal static class TextLines
{
    /// <summary>Breaks it at spaces, and a word only where it is longer than a line.</summary>
    /// <param name="text">The text, without control characters.</param>
    /// <param name="first">Precedes the first line.</param>
    /// <param name="next">Precedes all others.</param>
    /// <param name="columns">The most columns of a line.</param>
    public static IReadOnlyList<string> Wrap(string text, string first, string next, int columns)
    {
        var lines = new List<string>();
        var line = new StringBuilder(first);
        var (start, width) = (first.Length, first.Length);
        foreach (var word in text.Split(' '))
        {
            if (width > start && width + 1 + WidthOf(word) > columns) Break();
            if (width > start) Put(' ');
            foreach (var rune in word.EnumerateRunes())
            {
                if (width + WidthOf(rune) > columns) Break();
                line.Append(rune);
                width += WidthOf(rune);
            }
        }

        lines.Add(line.ToString().TrimEnd());
        return lines;

        void Put(char space)
        {
            line.Append(space);
            width++;
        }

        void Break()
        {
            lines.Add(line.ToString().TrimEnd());
            line.Clear().Append(next);
            start = width = next.Length;
        }
    }

    /// <summary>Columns of a text.</summary>
    public static int WidthOf(string text) => text.EnumerateRunes().Sum(WidthOf);

    // Terminals show letters of other scripts in one column or two.
    private static int WidthOf(Rune rune) => rune.IsAscii ? 1 : 2;
}
