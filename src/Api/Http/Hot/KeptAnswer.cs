namespace Relo.Api.Http.Hot;

/// <summary>An answer that is given again while it holds, and how often it was since somebody asked.</summary>
/// <param name="Path">The path alone, for the log.</param>
/// <param name="Answer">The answer.</param>
/// <param name="State">Which kernels and objects there were when it was made.</param>
/// <param name="At">When it was made.</param>
/// <param name="Counts">Those of all answers to the same.</param>
internal sealed record KeptAnswer(string Path, HotAnswer Answer, ArchiveState State, long At, HotCounts Counts)
{
    /// <summary>It was given.</summary>
    public void Count(bool isNotModified) => Interlocked.Increment(ref isNotModified ? ref Counts.NotModified : ref Counts.Sent);

    /// <summary>How often it was given since this was last asked.</summary>
    public (long Sent, long NotModified) Take() => (Interlocked.Exchange(ref Counts.Sent, 0), Interlocked.Exchange(ref Counts.NotModified, 0));
}

/// <summary>How often an answer was given again, whole and as <c>304</c>.</summary>
internal sealed class HotCounts
{
    public long Sent;
    public long NotModified;
}
