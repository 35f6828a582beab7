namespace Relo.Api.Scripts;

/// <summary>
/// Reads a script (<c>wwwroot/fetch.sh</c>, <c>wwwroot/select.sh</c>, <c>wwwroot/relo-check.sh</c>) and inserts the functions that all need
/// (<c>wwwroot/common.sh</c>).
/// </summary>
internal static class NodeScript
{
    private const string Placeholder = "#COMMON\n";

    /// <summary>The whole script.</summary>
    public static async Task<string> ReadAsync(string webRoot, string name, CancellationToken cancellation)
    {
        var script = await File.ReadAllTextAsync(Path.Combine(webRoot, name), cancellation);
        if (!script.Contains(Placeholder, StringComparison.Ordinal))
            throw new InvalidOperationException($"{name} has no line {Placeholder.Trim()}");
        return script.Replace(Placeholder, await File.ReadAllTextAsync(Path.Combine(webRoot, "common.sh"), cancellation),
            StringComparison.Ordinal);
    }
}
