using Relo.Core.Layouts;

namespace Relo.Core.Headers;

/// <summary>Limits the text of a header: structs of strangers can contain each other many times over.</summary>
internal sealed class TextLimit(long mostCharacters)
{
    private long _characters;

    /// <summary>Counts a text. Nested ones count each time they are copied.</summary>
    /// <exception cref="LayoutTooLargeException">There is too much.</exception>
    public string Count(string text)
    {
        Check(text.Length);
        _characters += text.Length;
        return text;
    }

    /// <summary>Refuses what is too much.</summary>
    /// <exception cref="LayoutTooLargeException">As above.</exception>
    public void Check(long characters)
    {
        if (_characters + characters > mostCharacters)
            throw new LayoutTooLargeException(FormattableString.Invariant($"the header has more than {mostCharacters} characters"));
    }
}
