namespace Relo.Fuzz;

/// <summary>Paths.</summary>
internal static class Folders
{
    /// <summary>What tests/run fetched, and the corpora of earlier runs.</summary>
    public static string Cache { get; } = Environment.GetEnvironmentVariable("RELO_CACHE")
        ?? Path.Combine(Environment.GetEnvironmentVariable("XDG_CACHE_HOME")
            ?? Path.Combine(Environment.GetEnvironmentVariable("HOME") ?? "/root", ".cache"), "relo");

    /// <summary>Inputs that once broke something: one folder for each harness.</summary>
    public static string Committed { get; } = Path.Combine(AppContext.BaseDirectory, "Findings");
}
