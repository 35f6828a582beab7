using Microsoft.Extensions.Options;
using Relo.Api.Http.Limits;
using Relo.Api.Http.Problems;
using Relo.Api.Work;

namespace Relo.Api.Tests.Work;

public sealed class LongWorkTests
{
    private static CancellationToken Patience => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Short_work_overtakes_long_work()
    {
        var gate = Gate(new() { Relocations = 1 });
        using var stop = new CancellationTokenSource();
        var hogs = Enumerable.Range(0, 20).Select(_ => gate.RunAsync(Wait, stop.Token)).ToList();
        Assert.Equal(1, await gate.RunAsync(_ => 1, Patience));
        Assert.All(hogs, hog => Assert.False(hog.IsCompleted));
        await stop.CancelAsync();
        foreach (var hog in hogs) await Assert.ThrowsAnyAsync<OperationCanceledException>(() => hog);
        Assert.Equal((0, 0), (gate.Waiting, gate.Long));
    }

    [Fact]
    public async Task Long_work_goes_on_at_the_lowest_priority()
    {
        var gate = Gate(new() { Relocations = 1 });
        // proc(5): nice is field 19 of the thread's stat; the first field after the name is the third.
        Assert.Equal("19", await gate.RunAsync(stop =>
        {
            while (Nice() != "19") stop.ThrowIfCancellationRequested();
            return Nice();
        }, Patience));

        static string Nice()
        {
            var stat = File.ReadAllText("/proc/thread-self/stat");
            return stat[(stat.LastIndexOf(')') + 2)..].Split(' ')[19 - 3];
        }
    }

    [Fact]
    public async Task Where_too_much_long_work_goes_on_the_next_keeps_its_place()
    {
        var gate = Gate(new() { Relocations = 1, LongWork = 1 });
        using var stop = new CancellationTokenSource();
        var hogs = new[] { gate.RunAsync(Wait, stop.Token), gate.RunAsync(Wait, stop.Token) };
        while (gate.Long == 0 || gate.Waiting > 0) await Task.Delay(10, Patience);
        var last = gate.RunAsync(_ => 1, Patience);
        await Task.Delay(3 * WorkGate.Slice, Patience);
        Assert.False(last.IsCompleted);
        await stop.CancelAsync();
        Assert.Equal(1, await last);
        foreach (var hog in hogs) await Assert.ThrowsAnyAsync<OperationCanceledException>(() => hog);
    }

    [Fact]
    public async Task Work_that_takes_more_processor_time_than_allowed_is_stopped()
    {
        var gate = Gate(new() { WorkTime = TimeSpan.FromMilliseconds(50) });
        var refused = await Assert.ThrowsAsync<RefusedException>(() => gate.RunAsync(Spin, Patience));
        Assert.Equal("time-exceeded", refused.Problem.Kind.Code);
        Assert.Contains("Limits:WorkTime", refused.Problem.Detail, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Time_spent_waiting_does_not_count_as_work()
    {
        var gate = Gate(new() { WorkTime = TimeSpan.FromMilliseconds(50) });
        Assert.Equal(1, await gate.RunAsync(stop =>
        {
            stop.WaitHandle.WaitOne(5 * WorkGate.Slice);
            return 1;
        }, Patience));
    }

    [Fact]
    public async Task What_the_work_throws_is_thrown_to_the_caller_and_the_place_is_free()
    {
        var gate = Gate(new() { Relocations = 1 });
        for (var i = 0; i < 3; i++)
            await Assert.ThrowsAsync<InvalidDataException>(() => gate.RunAsync<int>(_ => throw new InvalidDataException(), Patience));
        Assert.Equal(1, await gate.RunAsync(_ => 1, Patience));
    }

    private static WorkGate Gate(LimitOptions limits) => new(Options.Create(limits));

    private static int Wait(CancellationToken stop)
    {
        stop.WaitHandle.WaitOne();
        stop.ThrowIfCancellationRequested();
        return 0;
    }

    private static int Spin(CancellationToken stop)
    {
        while (true) stop.ThrowIfCancellationRequested();
    }
}
