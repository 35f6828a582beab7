using System.Globalization;
using Relo.Core.Btf;
using Relo.Core.Objects;
using Relo.Core.Relocation;

namespace Relo.Core.Tests.Robustness;

/// <summary>A budget of steps bounds time only if no step takes long.</summary>
[Collection(nameof(StepTimeTests))]
[CollectionDefinition(nameof(StepTimeTests), DisableParallelization = true)]
public sealed class StepTimeTests(ITestOutputHelper output)
{
    private const long Steps = 1L << 25, TooFewToMeasure = 1L << 20;

    // Measured: 9 ns in the slowest, so 5 s; the rest is for slower machines.
    private static readonly TimeSpan Most = TimeSpan.FromSeconds(20);

    [Fact]
    public void Largest_budget_is_spent_within_seconds_whatever_it_is_spent_on()
    {
        var measured = 0;
        foreach (var (name, ask) in Hogs.All)
        {
            var (bpf, kernel) = ask().Open();
            Spend(bpf, kernel); // compiles
            var (steps, nanoseconds) = Spend(bpf, kernel);
            if (steps < TooFewToMeasure) continue;
            var whole = TimeSpan.FromSeconds(nanoseconds / 1e9 * WorkBudget.Most / steps);
            output.WriteLine($"{name}: {(double)nanoseconds / steps:0.0} ns a step, {whole.TotalSeconds:0.0} s for the largest budget");
            Assert.True(whole < Most, $"{name}: the largest budget takes {whole.TotalSeconds:0.0} s");
            measured++;
        }
        Assert.InRange(measured, 5, Hogs.All.Count);
    }

    private static (long Steps, long Nanoseconds) Spend(BpfObject bpf, KernelTypes kernel)
    {
        var work = new WorkBudget(Steps, TestContext.Current.CancellationToken);
        var resolver = new Resolver(bpf, kernel, work);
        var before = ProcessorTime();
        for (var i = 0; i < bpf.Specs.Length && resolver.Resolve(i).Error.Message is null; i++) { }
        return (work.Spent, ProcessorTime() - before);
    }

    // What this thread spent on a processor: other programs do not count.
    private static long ProcessorTime() =>
        long.Parse(File.ReadAllText("/proc/thread-self/schedstat").Split(' ')[0], CultureInfo.InvariantCulture);
}
