using System.Globalization;
using System.Net;
using Relo.Api.Tests.Fixtures;

namespace Relo.SystemTests.Faults;

/// <summary>The system's clock is set by hours under a running service, while no time passes.</summary>
public sealed class SetClockTests : IDisposable
{
    private const int PerMinute = 3;

    private readonly string _root = Directory.CreateTempSubdirectory("relo-set-clock-").FullName;

    [Theory]
    [InlineData(5)]
    [InlineData(-5)]
    [InlineData(24 * 365)]
    public async Task Who_has_asked_as_often_as_it_may_neither_may_again_nor_has_to_wait_for_longer(int hours)
    {
        using var clock = new SetClock();
        using var running = await RunningProgram.StartAsync(_root, clock.Environment, $"--Limits:RequestsPerMinutePerAddress={PerMinute}");
        for (var i = 0; i < PerMinute; i++) Assert.Equal(HttpStatusCode.OK, (await running.Http.GetAsync("/v1/kernels")).StatusCode);
        await RefusedAsync();
        foreach (var ahead in new[] { TimeSpan.FromHours(hours), TimeSpan.Zero, TimeSpan.FromHours(hours) })
        {
            var before = DateTimeOffset.UtcNow;
            clock.Set(ahead);
            await UntilItIsAsync(before + ahead);
            await RefusedAsync();
        }

        async Task RefusedAsync()
        {
            using var answer = await running.Http.GetAsync("/v1/kernels");
            await answer.ProblemAsync(HttpStatusCode.TooManyRequests, "too-many-requests");
            Assert.InRange(int.Parse(answer.Header("Retry-After")!, CultureInfo.InvariantCulture), 1, 60);
        }

        // The date of the answers, which the server renews every second.
        async Task UntilItIsAsync(DateTimeOffset expected)
        {
            using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(30));
            while (true)
            {
                using var answer = await running.Http.GetAsync("/healthz/live", patience.Token);
                if ((answer.Headers.Date!.Value - expected).Duration() < TimeSpan.FromMinutes(10)) return;
                await Task.Delay(50, patience.Token);
            }
        }
    }

    public void Dispose() => Directory.Delete(_root, recursive: true);
}
