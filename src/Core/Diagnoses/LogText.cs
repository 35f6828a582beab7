using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;

namespace Relo.Core.Diagnoses;

/// <summary>
/// Reads an untrusted log: any bytes. Control characters become visible, colours are left out, long lines are cut.
/// </summary>
internal static class LogText
{
    // The verifier's longest lines are register states, which say nothing here.
    private const int MaxLine = 2048;

    // Colours are left out, so a line may have more bytes than are shown.
    private const int MaxBytes = MaxLine * 64;

    private const char Escape = '\x1b';

    // What journald, syslog, Kubernetes and Compose write before a line.
    private static readonly Regex Prefix = new(
        @"^(?:[A-Z][a-z]{2} [ 0-9][0-9] [0-9:.]{8,15} [^ ]+ [^ ]+: "
        + @"|[0-9]{4}-[0-9]{2}-[0-9]{2}[T ][0-9:.,]{8,18}(?:Z|[+-][0-9:]{4,6})? (?:(?:stdout|stderr) [FP] |[^ ]+ [^ ]+\[[0-9]{1,9}\]: )?"
        + @"|[a-zA-Z0-9_.-]{1,64} +\| )",
        RegexOptions.NonBacktracking | RegexOptions.CultureInvariant);

    /// <summary>The lines, read one after another.</summary>
    public static IEnumerable<LogLine> Lines(ReadOnlyMemory<byte> log)
    {
        var number = 0;
        for (var rest = log; !rest.IsEmpty;)
        {
            var end = rest.Span.IndexOf((byte)'\n');
            var line = end < 0 ? rest : rest[..end];
            rest = end < 0 ? default : rest[(end + 1)..];
            number++;
            foreach (var part in Parts(line)) yield return new(number, Text(part.Span));
        }
    }

    // A log that became one string, as in JSON, has "\n" between its lines, and may be much longer than a line.
    private static IEnumerable<ReadOnlyMemory<byte>> Parts(ReadOnlyMemory<byte> line)
    {
        var isJoined = IsJoined(line.Span);
        while (isJoined && line.Span.IndexOf("\\n"u8) is >= 0 and var end)
        {
            yield return line[..end];
            line = line[(end + 2)..];
        }
        yield return line;
    }

    // Other text may contain "\n" too; in the verifier's log an instruction follows: "\n12: ".
    private static bool IsJoined(ReadOnlySpan<byte> line)
    {
        while (line.IndexOf("\\n"u8) is >= 0 and var end)
        {
            line = line[(end + 2)..];
            if (IsInstruction(line)) return true;
        }
        return false;
    }

    private static bool IsInstruction(ReadOnlySpan<byte> text)
    {
        const int mostBlanks = 8, mostDigits = 7;
        var blanks = text.IndexOfAnyExcept(" \t"u8);
        if (blanks is < 0 or > mostBlanks) return false;
        var digits = text[blanks..].IndexOfAnyExceptInRange((byte)'0', (byte)'9');
        return digits is > 0 and <= mostDigits && text[(blanks + digits)..].StartsWith(": "u8);
    }

    private static string Text(ReadOnlySpan<byte> line) => Clean(Encoding.UTF8.GetString(line[..Math.Min(line.Length, MaxBytes)]));

    /// <summary>The text of a line.</summary>
    public static string Clean(string text)
    {
        var clean = new StringBuilder(Math.Min(text.Length, MaxLine));
        for (var i = 0; i < text.Length && clean.Length < MaxLine; i++)
        {
            if (text[i] == Escape && i + 1 < text.Length && text[i + 1] == '[')
            {
                i += 2;
                while (i < text.Length && !char.IsAsciiLetter(text[i])) i++;
            }
            else if (text[i] == '\t') clean.Append(' ');
            else if (IsHidden(text[i])) clean.Append(CultureInfo.InvariantCulture, $"\\u{(int)text[i]:x4}");
            else clean.Append(text[i]);
        }
        var whole = clean.ToString().TrimEnd().Replace("\\u000d", "", StringComparison.Ordinal);
        return Prefix.Match(whole) is { Success: true, Length: var length } ? whole[length..] : whole;
    }

    // Control characters, and those that change the direction of the text after them.
    private static bool IsHidden(char c) =>
        char.GetUnicodeCategory(c) is UnicodeCategory.Control or UnicodeCategory.Format or UnicodeCategory.LineSeparator
            or UnicodeCategory.ParagraphSeparator or UnicodeCategory.Surrogate;
}
