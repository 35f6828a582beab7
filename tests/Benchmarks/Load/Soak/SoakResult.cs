namespace Relo.Benchmarks.Load.Soak;

/// <summary>Memory of the service at one time.</summary>
/// <param name="At">Since the start.</param>
/// <param name="AllBytes">Of its control group, or its resident set where it has none.</param>
/// <param name="AnonymousBytes">Of that, what is not pages of files.</param>
internal readonly record struct MemorySample(TimeSpan At, long AllBytes, long AnonymousBytes);

/// <summary>The result of a soak.</summary>
/// <param name="Latencies">Milliseconds of normal requests, by kind, ascending.</param>
/// <param name="Statuses">
/// How often each status came, by kind; <c>none</c> where the connection failed, <c>cut off</c> where it failed within an answer.
/// </param>
/// <param name="Unexpected">Those of them that are not allowed.</param>
/// <param name="Memory">Each minute, or a tenth of a shorter run.</param>
/// <param name="Ends">How often the service ended, by itself or by the kernel.</param>
internal sealed record SoakResult(
    IReadOnlyDictionary<string, double[]> Latencies, IReadOnlyDictionary<(string Kind, string Status), int> Statuses,
    IReadOnlyList<string> Unexpected,
    IReadOnlyList<MemorySample> Memory, long Ends)
{
    /// <summary>All normal requests, ascending.</summary>
    public double[] All { get; } = [.. Latencies.Values.SelectMany(one => one).Order()];
}
