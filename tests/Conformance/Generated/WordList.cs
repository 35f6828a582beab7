namespace Relo.Conformance.Generated;

internal static class WordList
{
    public static void AddRange(this List<int> words, params ReadOnlySpan<int> more)
    {
        foreach (var word in more) words.Add(word);
    }
}
