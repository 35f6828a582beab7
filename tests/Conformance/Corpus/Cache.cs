namespace Relo.Conformance.Corpus;

/// <summary>
/// The folder of the corpus that tests/corpus/make built: <c>RELO_CACHE</c>, or <c>~/.cache/relo</c>, where tests/run keeps it between
/// clones.
/// </summary>
public static class Cache
{
    public static string Root { get; } = Environment.GetEnvironmentVariable("RELO_CACHE") ?? Path.Combine(
        Environment.GetEnvironmentVariable("XDG_CACHE_HOME")
            ?? Path.Combine(Environment.GetEnvironmentVariable("HOME") ?? "/root", ".cache"), "relo");

    /// <summary>The folder that contains Api.sln.</summary>
    public static string Repository
    {
        get
        {
            var at = new DirectoryInfo(AppContext.BaseDirectory);
            while (at is not null && !File.Exists(Path.Combine(at.FullName, "Api.sln"))) at = at.Parent;
            return at?.FullName ?? throw new DirectoryNotFoundException($"no Api.sln above {AppContext.BaseDirectory}");
        }
    }

    public static string Tool(string name) => Path.Combine(Root, "bin", name);

    /// <summary>Without its tools, the suite fails instead of passing silently, and names the command that builds them.</summary>
    public static string RequiredTool(string name) =>
        File.Exists(Tool(name))
            ? Tool(name)
            : throw new FileNotFoundException($"{Tool(name)} is missing: run tests/run (or RELO_CACHE={Root} tests/corpus/make)");
}
