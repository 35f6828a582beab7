namespace Relo.Core.Layouts;

/// <summary>
/// Says when a page of a search is full: after a number of hits, or earlier if their text is longer than that of any kernel. In untrusted
/// BTF, a declaration may have a million characters.
/// </summary>
internal sealed class PageLimit(int mostHits)
{
    private const int MostCharacters = 1 << 20;

    private int _hits, _characters;

    /// <summary>Whether the page is full; never before its first hit.</summary>
    public bool IsReached => _hits >= mostHits || _characters >= MostCharacters;

    /// <summary>Counts a hit.</summary>
    public void Count(params ReadOnlySpan<string?> texts)
    {
        _hits++;
        foreach (var text in texts) _characters += text?.Length ?? 0;
    }
}
