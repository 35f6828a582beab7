using System.Text;
using Relo.Core.Layouts;

namespace Relo.Core.Headers;

/// <summary>A text whose characters count as they are written, not when it is complete.</summary>
internal sealed class LimitedText(TextLimit limit)
{
    private readonly StringBuilder _text = new();

    /// <summary>Appends a text.</summary>
    /// <exception cref="LayoutTooLargeException">The limit is exceeded.</exception>
    public LimitedText Append(string text)
    {
        _text.Append(limit.Count(text));
        return this;
    }

    /// <inheritdoc/>
    public override string ToString() => _text.ToString();
}
