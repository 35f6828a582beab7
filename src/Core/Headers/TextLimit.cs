using Relo.Core.Layouts;

namespace Relo.Core.Headers;

/// <summary>Limits the text of a header: in untrusted BTF, structs can contain each other many times over.</summary>
internal sealed class TextLimit(long mostCharacters)
{
    private long _characters;

    /// <summary>Counts the characters of a text. Nested texts count each time they are copied.</summary>
    /// <exception cref="LayoutTooLargeException">The limit is exceeded.</exception>
    public string Count(string text)
    {
        Check(text.Length);
        _characters += text.Length;
        return text;
    }

    /// <summary>Checks a number of characters against the limit.</summary>
    /// <exception cref="LayoutTooLargeException">As above.</exception>
    public void Check(long characters)
    {
        if (_characters + characters > mostCharacters)
            throw new LayoutTooLargeException(FormattableString.Invariant($"the header has more than {mostCharacters} characters"));
    }
}
