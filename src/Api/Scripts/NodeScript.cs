using System.Text.RegularExpressions;

namespace Relo.Api.Scripts;

/// <summary>
/// Reads a script (<c>wwwroot/fetch.sh</c>, <c>wwwroot/select.sh</c>, <c>wwwroot/relo-check.sh</c>) and inserts the files that it sources
/// (<c>wwwroot/common.sh</c>, <c>wwwroot/verify.sh</c>), so that one download is enough.
/// </summary>
internal static partial class NodeScript
{
    /// <summary>The whole script.</summary>
    public static async Task<string> ReadAsync(string webRoot, string name, CancellationToken cancellation)
    {
        var script = await File.ReadAllTextAsync(Path.Combine(webRoot, name), cancellation);
        var sources = Source.Matches(script);
        if (sources.Count == 0) throw new InvalidOperationException($"{name} sources no file, so its functions would be missing");
        foreach (Match source in sources)
        {
            var part = await File.ReadAllTextAsync(Path.Combine(webRoot, source.Groups["part"].Value), cancellation);
            script = script.Replace(source.Value, part, StringComparison.Ordinal);
        }

        return script;
    }

    [GeneratedRegex("""^\. "\$\(dirname "\$0"\)/(?<part>[a-z]+\.sh)"\n""", RegexOptions.Multiline)]
    private static partial Regex Source { get; }
}
