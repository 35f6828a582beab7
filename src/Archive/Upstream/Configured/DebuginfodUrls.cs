namespace Relo.Archive.Upstream.Configured;

/// <summary>The servers of a debuginfod source: those of the setting, or of the variable that all clients of debuginfod read.</summary>
internal static class DebuginfodUrls
{
    /// <summary>The variable.</summary>
    public const string Variable = "DEBUGINFOD_URLS";

    /// <summary>The servers, in order. The variable may also contain words that are not URLs (<c>ima:enforcing</c>).</summary>
    public static IReadOnlyList<string> Of(string url) => url.Trim() is { Length: > 0 } given
        ? given.Split(' ', StringSplitOptions.RemoveEmptyEntries)
        : [.. (Environment.GetEnvironmentVariable(Variable) ?? "").Split(' ', StringSplitOptions.RemoveEmptyEntries)
            .Where(word => word.StartsWith("http://", StringComparison.Ordinal) || word.StartsWith("https://", StringComparison.Ordinal))];
}
