using Relo.Conformance.Corpus;

namespace Relo.Conformance;

/// <summary>Every object of the corpus against every kernel of it, judged by Debian's libbpf.</summary>
public sealed class LibbpfTests(LibbpfRun run) : IClassFixture<LibbpfRun>
{
    private const int WantedKernels = 20;
    private const int WantedPairs = 5000;

    public static TheoryData<string> Kernels => [.. Kernel.All.Select(kernel => kernel.Id)];

    [Theory(SkipTestWithoutData = true)]
    [MemberData(nameof(Kernels))]
    public async Task Every_object_is_relocated_as_libbpf_does(string kernel)
    {
        var result = await run.Of(kernel);
        Assert.True(result.Differences.Count == 0,
            $"{result.Differences.Count} differences, the first of them:\n{string.Join('\n', result.Differences.Take(10))}");
        Assert.True(result.Tally.Pairs > 0, $"no object was judged for {kernel}");
    }

    [Fact]
    public async Task The_corpus_is_large_enough_to_mean_something()
    {
        Assert.SkipWhen(
            Kernel.All.Count < WantedKernels && SkippedPart.All().Any(part => part.What.Contains("kernel", StringComparison.Ordinal)),
            $"only {Kernel.All.Count} kernels could be had here, {WantedKernels} are wanted");
        var pairs = 0;
        foreach (var kernel in Kernel.All) pairs += (await run.Of(kernel.Id)).Tally.Pairs;
        Assert.True(Kernel.All.Count >= WantedKernels, $"{Kernel.All.Count} kernels, {WantedKernels} are wanted; run tests/corpus/make");
        Assert.True(pairs >= WantedPairs, $"{pairs} pairs, {WantedPairs} are wanted");
    }
}
