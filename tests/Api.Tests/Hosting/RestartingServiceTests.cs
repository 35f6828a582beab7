using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Relo.Api.Hosting;
using Relo.Api.Tests.Fixtures;

namespace Relo.Api.Tests.Hosting;

/// <summary>Background work never ends the process.</summary>
public sealed class RestartingServiceTests
{
    [Fact]
    public async Task Service_that_fails_starts_again()
    {
        var clock = new ManualClock();
        using var service = new Failing(clock);
        await service.StartAsync(CancellationToken.None);
        while (!service.HasRunThrice)
        {
            clock.Advance(RestartingService.Pause);
            await Task.Delay(10, TestContext.Current.CancellationToken);
        }

        Assert.Equal(TaskStatus.WaitingForActivation, service.ExecuteTask!.Status);
        await service.StopAsync(CancellationToken.None);
        Assert.True(service.ExecuteTask.IsCompletedSuccessfully);
    }

    [Fact]
    public async Task Failure_while_it_stops_is_no_failure_of_the_service()
    {
        using var service = new FailingAtTheEnd();
        await service.StartAsync(CancellationToken.None);
        await service.Begun;
        await service.StopAsync(CancellationToken.None);
        Assert.True(service.ExecuteTask!.IsCompletedSuccessfully);
    }

    [Fact]
    public void Every_background_service_of_ours_is_one_and_others_do_not_end_the_process_either()
    {
        var types = typeof(Program).Assembly.GetTypes()
            .Where(t => t.IsAssignableTo(typeof(BackgroundService)) && t != typeof(RestartingService)).ToList();
        Assert.NotEmpty(types);
        Assert.All(types, type => Assert.True(type.IsAssignableTo(typeof(RestartingService)), type.Name));
        using var host = new ServiceHost(root: null);
        Assert.Equal(BackgroundServiceExceptionBehavior.Ignore,
            host.Services.GetRequiredService<IOptions<HostOptions>>().Value.BackgroundServiceExceptionBehavior);
    }

    private sealed class FailingAtTheEnd() : RestartingService(NullLogger.Instance, TimeProvider.System)
    {
        private readonly TaskCompletionSource _begun = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public Task Begun => _begun.Task;

        protected override async Task RunAsync(CancellationToken stopping)
        {
            _begun.SetResult();
            await Task.Delay(Timeout.Infinite, stopping).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            throw new InvalidOperationException("a defect");
        }
    }

    private sealed class Failing(TimeProvider clock) : RestartingService(NullLogger.Instance, clock)
    {
        private int _runs;

        public bool HasRunThrice => Volatile.Read(ref _runs) >= 3;

        protected override async Task RunAsync(CancellationToken stopping)
        {
            var run = Interlocked.Increment(ref _runs);
            await Task.Yield();
            if (run < 3) throw new InvalidOperationException("a defect");
            await Task.Delay(Timeout.Infinite, stopping);
        }
    }
}
