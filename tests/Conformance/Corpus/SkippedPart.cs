namespace Relo.Conformance.Corpus;

/// <summary>A part of the corpus that could not be built on this machine: <c>what TAB why</c>, a line in <c>skipped/*</c>.</summary>
public sealed record SkippedPart(string What, string Why)
{
    public static IEnumerable<SkippedPart> All()
    {
        var root = Path.Combine(Cache.Root, "skipped");
        if (!Directory.Exists(root)) yield break;
        foreach (var line in Directory.EnumerateFiles(root).Order(StringComparer.Ordinal).SelectMany(File.ReadLines))
        {
            var parts = line.Split('\t', 2);
            if (parts.Length == 2) yield return new(parts[0], parts[1]);
        }
    }
}
