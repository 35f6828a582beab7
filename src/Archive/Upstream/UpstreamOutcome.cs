namespace Relo.Archive.Upstream;

/// <summary>The result of a request to the upstream.</summary>
/// <param name="IsFetched">Whether the kernel is in the archive now.</param>
/// <param name="Steps">The steps that were tried, for people.</param>
internal sealed record UpstreamOutcome(bool IsFetched, IReadOnlyList<string> Steps)
{
    /// <summary>The time until a retry may succeed, if the upstream could not be reached; null if it responded.</summary>
    public TimeSpan? RetryAfter { get; private init; }

    public static UpstreamOutcome Not(string step) => new(false, [step]);

    public static UpstreamOutcome Failed(string step, TimeSpan retryAfter) => new(false, [step]) { RetryAfter = retryAfter };
}
