using System.Reflection;
using System.Text.Json;

namespace Relo.Browser.Fixtures;

/// <summary>axe-core, which finds accessibility faults of a page.</summary>
internal static class Axe
{
    // Only serious findings; the rest is advice.
    private const string Run = """
        async () => (await axe.run(document, { resultTypes: ['violations'] })).violations.filter(v => v.impact === 'serious' || v.impact === 'critical')
          .map(v => `${v.impact} ${v.id}: ${v.help}: ${v.nodes.slice(0, 5).map(n => `${n.target} ${n.any[0]?.message ?? ''}`).join(' | ')}`)
        """;

    /// <summary>Its script; the browser injects it into each page, past the page's own policy.</summary>
    public static string Source { get; } = Read();

    /// <summary>The faults of the page in its current state.</summary>
    public static async Task<IReadOnlyList<string>> FindAsync(IPage page)
    {
        var found = await page.EvaluateAsync<JsonElement>(Run);
        return [.. found.EnumerateArray().Select(v => v.GetString()!)];
    }

    private static string Read()
    {
        using var reader = new StreamReader(Assembly.GetExecutingAssembly().GetManifestResourceStream("axe.min.js")!);
        return reader.ReadToEnd();
    }
}
