namespace Relo.Archive.Upstream;

/// <summary>A source cannot be reached, fails, or sends something that is refused.</summary>
/// <param name="what">What was requested.</param>
/// <param name="reason">What happened, for people.</param>
/// <param name="inner">The cause.</param>
internal sealed class SourceException(string what, string reason, Exception? inner = null) : Exception(reason, inner)
{
    /// <summary>What was requested.</summary>
    public string What => what;

    /// <summary>The time until a retry may succeed.</summary>
    public TimeSpan RetryAfter { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>Whether the source responded with something that is refused, so that a retry would get the same.</summary>
    public bool IsUnfit { get; init; }

    /// <summary>Whether a response that is refused may be another one later, so that a sync requests it again.</summary>
    public bool IsPassing { get; init; }

    /// <summary>The exception for a response that is refused.</summary>
    public static SourceException Unfit(string what, string reason, Exception? inner = null) => new(what, reason, inner) { IsUnfit = true };
}
