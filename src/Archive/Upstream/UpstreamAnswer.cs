namespace Relo.Archive.Upstream;

/// <summary>The result of asking the upstream.</summary>
/// <param name="IsFetched">Whether the kernel is here now.</param>
/// <param name="Steps">What was tried, in words.</param>
internal sealed record UpstreamAnswer(bool IsFetched, IReadOnlyList<string> Steps)
{
    /// <summary>When a retry may succeed, if the upstream could not be reached; null if it answered.</summary>
    public TimeSpan? RetryAfter { get; private init; }

    public static UpstreamAnswer Not(string step) => new(false, [step]);

    public static UpstreamAnswer Failed(string step, TimeSpan retryAfter) => new(false, [step]) { RetryAfter = retryAfter };
}
