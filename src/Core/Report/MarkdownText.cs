using System.Globalization;
using System.Text;
using Relo.Core.Bytes;

namespace Relo.Core.Report;

/// <summary>
/// Untrusted text as code in GitHub's Markdown. In <c>&lt;code&gt;</c> GitHub links no names, numbers or digests, and a character reference
/// is never markup (CommonMark §2.5), not even the <c>|</c> that ends a cell; a code span in backticks has no references.
/// </summary>
internal static class MarkdownText
{
    /// <summary>The text as code, on one line.</summary>
    public static string Code(string text)
    {
        var shown = Printable.Of(text);
        var code = new StringBuilder("<code>");
        for (var i = 0; i < shown.Length; i++)
        {
            if (IsPlain(shown, i)) code.Append(shown[i]);
            else code.Append(CultureInfo.InvariantCulture, $"&#{(int)shown[i]};");
        }

        return code.Append("</code>").ToString();
    }

    // GitHub makes links of addresses even here.
    private static bool IsPlain(string text, int i) => text[i] switch
    {
        ' ' or '-' or '/' or '(' or ')' or ',' or ';' or '=' or '+' or '%' or '?' or '\'' => true,
        ':' => i + 1 == text.Length || text[i + 1] != '/', // as in http://
        '.' => i == 0 || text[i - 1] is not ('w' or 'W'), // as in www.
        '_' => IsWithinWord(text, i),
        var c => char.IsAsciiLetterOrDigit(c) || c > '~',
    };

    // Underscores between letters are no emphasis.
    private static bool IsWithinWord(string text, int i)
    {
        var (before, after) = (i, i);
        while (before >= 0 && text[before] == '_') before--;
        while (after < text.Length && text[after] == '_') after++;
        return before >= 0 && after < text.Length && char.IsAsciiLetterOrDigit(text[before]) && char.IsAsciiLetterOrDigit(text[after]);
    }
}
