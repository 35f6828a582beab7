namespace Relo.Archive.Upstream;

/// <summary>The result of a request to the sources.</summary>
/// <param name="IsFetched">Whether the kernel is in the archive now.</param>
/// <param name="Steps">The steps that were tried, for people.</param>
internal sealed record UpstreamOutcome(bool IsFetched, IReadOnlyList<string> Steps)
{
    /// <summary>What failed, if a source that may have the kernel could not be asked; null if all responded.</summary>
    public string? Trouble { get; init; }

    /// <summary>The time until a retry may succeed, if a source could not be asked.</summary>
    public TimeSpan RetryAfter { get; init; }

    public static UpstreamOutcome Not(string step) => new(false, [step]);
}
