using Relo.Core.Layouts;

namespace Relo.Core.Headers;

/// <summary>
/// Limits the text of a header: in untrusted BTF, structs can contain each other many times over, and overlapping names take no space.
/// </summary>
/// <param name="what">What is limited, for messages.</param>
/// <param name="mostCharacters">The limit.</param>
/// <param name="cancellation">Cancels the work that makes the text.</param>
internal sealed class TextLimit(string what, long mostCharacters, CancellationToken cancellation)
{
    private long _characters;

    /// <summary>Counts the characters of a text. Nested texts count each time they are copied.</summary>
    /// <exception cref="LayoutTooLargeException">The limit is exceeded.</exception>
    /// <exception cref="OperationCanceledException">It was cancelled.</exception>
    public string Count(string text)
    {
        cancellation.ThrowIfCancellationRequested();
        Check(text.Length);
        _characters += text.Length;
        return text;
    }

    /// <summary>Checks a number of characters against the limit.</summary>
    /// <exception cref="LayoutTooLargeException">As above.</exception>
    public void Check(long characters)
    {
        if (_characters + characters > mostCharacters)
            throw new LayoutTooLargeException(FormattableString.Invariant($"{what} has more than {mostCharacters} characters"));
    }
}
