using System.Buffers;
using System.Globalization;
using System.Text;

namespace Relo.Core.Bytes;

/// <summary>
/// Text for logs and terminals. Names of objects, files and paths are untrusted: a line break in one would forge a log line, ESC would
/// control the terminal, and a bidirectional control would show the text in another order. All of these are written as <c>\u001b</c>, as
/// JSON would.
/// </summary>
public static class Printable
{
    private static readonly SearchValues<char> Plain = SearchValues.Create([.. Enumerable.Range(' ', '~' - ' ' + 1).Select(c => (char)c)]);

    /// <summary>The text with every character escaped that is not visible.</summary>
    public static string Of(string text)
    {
        if (!text.AsSpan().ContainsAnyExcept(Plain)) return text;
        using var output = new StringWriter(CultureInfo.InvariantCulture);
        Write(output, text);
        return output.ToString();
    }

    /// <summary>Escapes every character of the text that is not visible.</summary>
    public static void Write(TextWriter output, ReadOnlySpan<char> text)
    {
        while (text.IndexOfAnyExcept(Plain) is >= 0 and var at)
        {
            output.Write(text[..at]);
            var isWhole = Rune.DecodeFromUtf16(text[at..], out var rune, out var length) == OperationStatus.Done;
            var odd = text.Slice(at, length);
            if (isWhole && IsVisible(rune)) output.Write(odd);
            else Escape(output, odd);
            text = text[(at + length)..];
        }

        output.Write(text);
    }

    private static bool IsVisible(Rune rune) => Rune.GetUnicodeCategory(rune)
        is not (UnicodeCategory.Control or UnicodeCategory.Format or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator);

    private static void Escape(TextWriter output, ReadOnlySpan<char> odd)
    {
        foreach (var unit in odd)
        {
            output.Write(unit switch
            {
                '\n' => @"\n",
                '\r' => @"\r",
                '\t' => @"\t",
                _ => string.Create(CultureInfo.InvariantCulture, $"\\u{(int)unit:x4}"),
            });
        }
    }
}
