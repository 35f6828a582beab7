namespace Relo.Core.Report;

/// <summary>Cuts texts for people: a generated name may be as long as the file.</summary>
internal static class Clipped
{
    private const string Mark = "...";

    /// <summary>The text, or its first characters if it has more than <paramref name="most"/>.</summary>
    public static string To(string text, int most)
    {
        if (text.Length <= most) return text;
        var end = most - Mark.Length;
        return text[..(char.IsHighSurrogate(text[end - 1]) ? end - 1 : end)] + Mark;
    }
}
