namespace Relo.Conformance.Comparison;

/// <summary>A place where our result differs from libbpf's.</summary>
/// <param name="What">In one line.</param>
/// <param name="Record">The record it is about, when it is about one.</param>
/// <param name="Details">Local spec, candidates, both results, libbpf's log.</param>
public sealed record Difference(string What, RecordPlace? Record, IReadOnlyList<string> Details)
{
    public override string ToString() => string.Join("\n    ", [What, .. Details]);
}

/// <summary>The result of comparing a pair.</summary>
/// <param name="Judged">Whether libbpf had an opinion.</param>
/// <param name="Refused">Whether both refuse the object for this kernel.</param>
/// <param name="Records">Records compared.</param>
/// <param name="Poisoned">How many of them libbpf poisoned.</param>
/// <param name="Excepted">Records that differ for a reason in <see cref="KnownExceptions"/>.</param>
/// <param name="Differences">All that is wrong.</param>
/// <param name="Reason">Why the pair was not judged.</param>
public sealed record PairResult(
    bool Judged, bool Refused, int Records, int Poisoned, int Excepted, IReadOnlyList<Difference> Differences, string? Reason = null)
{
    public static PairResult Unjudged(string reason) => new(false, false, 0, 0, 0, [], reason);

    public static PairResult Wrong(string what, IReadOnlyList<string> details, RecordPlace? record = null) =>
        new(true, false, 0, 0, 0, [new(what, record, details)]);
}
