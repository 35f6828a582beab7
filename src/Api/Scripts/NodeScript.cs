namespace Relo.Api.Scripts;

/// <summary>
/// Reads a script (<c>wwwroot/fetch.sh</c>, <c>wwwroot/select.sh</c>, <c>wwwroot/relo-check.sh</c>) and inserts the functions that all need
/// (<c>wwwroot/common.sh</c>), and those that verify statements (<c>wwwroot/verify.sh</c>).
/// </summary>
internal static class NodeScript
{
    private const string Placeholder = "#COMMON\n", Verifying = "#VERIFY\n";

    /// <summary>The whole script.</summary>
    public static async Task<string> ReadAsync(string webRoot, string name, CancellationToken cancellation)
    {
        var script = await File.ReadAllTextAsync(Path.Combine(webRoot, name), cancellation);
        if (!script.Contains(Placeholder, StringComparison.Ordinal))
            throw new InvalidOperationException($"{name} has no line {Placeholder.Trim()}");
        script = script.Replace(Placeholder, await PartAsync("common.sh"), StringComparison.Ordinal);
        return script.Contains(Verifying, StringComparison.Ordinal)
            ? script.Replace(Verifying, await PartAsync("verify.sh"), StringComparison.Ordinal)
            : script;

        Task<string> PartAsync(string part) => File.ReadAllTextAsync(Path.Combine(webRoot, part), cancellation);
    }
}
