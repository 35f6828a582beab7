using System.Net;
using Microsoft.Extensions.DependencyInjection;
using Relo.Api.Relocations;
using Relo.Api.Tests.Fixtures;

namespace Relo.Api.Tests.Relocations;

/// <summary>One relocation at a time, one may wait; the test itself holds the turn.</summary>
public sealed class RelocationTurnsTests : IDisposable
{
    private const string Route = $"/v1/relocations?kernel={Samples.NewKernel}", Other = $"/v1/relocations?kernel={Samples.OldKernel}";

    private readonly ServiceHost _service = new(root: null, ("Limits:Relocations", "1"), ("Limits:RelocationsWaiting", "1"), ("Limits:RequestTime", "00:00:20"));

    private RelocationTurns Turns => _service.Services.GetRequiredService<RelocationTurns>();

    private static CancellationToken Patience => TestContext.Current.CancellationToken;

    [Fact]
    public async Task One_waits_for_its_turn_and_the_next_is_told_to_come_again()
    {
        Task<HttpResponseMessage> waiting;
        using (await Turns.TakeAsync(isOneOfMany: false, Patience))
        {
            waiting = _service.Http.PostAsync(Route, Answers.Body(Samples.Object));
            await UntilWaitingAsync(1);
            foreach (var route in new[] { Other, $"/v1/minimal-btf?kernel={Samples.OldKernel}" })
            {
                using var refused = await _service.Http.PostAsync(route, Answers.Body(Samples.Object));
                await refused.ProblemAsync(HttpStatusCode.TooManyRequests, "too-many-requests");
                Assert.Equal("2", refused.Header("Retry-After"));
            }
        }

        Assert.Equal(HttpStatusCode.OK, (await waiting).StatusCode);
        Assert.Equal(HttpStatusCode.OK, (await _service.Http.PostAsync(Other, Answers.Body(Samples.Object))).StatusCode);
    }

    [Fact]
    public async Task What_is_there_and_what_is_under_way_needs_no_turn()
    {
        Assert.Equal(HttpStatusCode.OK, (await _service.Http.PostAsync(Route, Answers.Body(Samples.Object))).StatusCode);
        List<Task<HttpResponseMessage>> same;
        using (await Turns.TakeAsync(isOneOfMany: false, Patience))
        {
            Assert.Equal(HttpStatusCode.OK, (await _service.Http.PostAsync(Route, Answers.Body(Samples.Object))).StatusCode);
            same = [.. Enumerable.Range(0, 20).Select(_ => _service.Http.PostAsync(Other, Answers.Body(Samples.Object)))];
            await UntilWaitingAsync(1);
        }

        Assert.All(await Task.WhenAll(same), answer => Assert.Equal(HttpStatusCode.OK, answer.StatusCode));
    }

    [Fact]
    public async Task Bundle_waits_however_many_do()
    {
        Task<HttpResponseMessage> waiting, bundle;
        using (await Turns.TakeAsync(isOneOfMany: false, Patience))
        {
            waiting = _service.Http.PostAsync(Route, Answers.Body(Samples.Object));
            await UntilWaitingAsync(1);
            bundle = _service.Http.PostAsync($"/v1/bundles?release={Samples.OldKernel.Split('/')[^1]}", Answers.Body(Samples.Object));
            await UntilWaitingAsync(2);
        }

        Assert.Equal(HttpStatusCode.OK, (await waiting).StatusCode);
        Assert.Equal(HttpStatusCode.OK, (await bundle).StatusCode);
    }

    [Fact]
    public async Task Request_that_runs_out_of_time_is_told_so_and_nothing_goes_on_for_it()
    {
        using var service = new ServiceHost(root: null, ("Limits:Relocations", "1"), ("Limits:RequestTime", "00:00:00.5"));
        var turns = service.Services.GetRequiredService<RelocationTurns>();
        using (await turns.TakeAsync(isOneOfMany: false, Patience))
        {
            using var answer = await service.Http.PostAsync(Route, Answers.Body(Samples.Object));
            var problem = await answer.ProblemAsync(HttpStatusCode.GatewayTimeout, "time-exceeded");
            Assert.Contains("0.5 seconds that Limits:RequestTime allows", (string?)problem["detail"], StringComparison.Ordinal);
            while (turns.Waiting > 0) await Task.Delay(10, Patience);
        }

        Assert.Equal(HttpStatusCode.OK, (await service.Http.PostAsync(Route, Answers.Body(Samples.Object))).StatusCode);
    }

    [Fact]
    public async Task Client_that_hangs_up_leaves_the_queue()
    {
        using (await Turns.TakeAsync(isOneOfMany: false, Patience))
        {
            using var gone = new CancellationTokenSource();
            var asked = _service.Http.PostAsync(Route, Answers.Body(Samples.Object), gone.Token);
            await UntilWaitingAsync(1);
            await gone.CancelAsync();
            await Assert.ThrowsAnyAsync<OperationCanceledException>(() => asked);
            await UntilWaitingAsync(0);
        }
    }

    public void Dispose() => _service.Dispose();

    private async Task UntilWaitingAsync(int count)
    {
        while (Turns.Waiting != count) await Task.Delay(10, Patience);
    }
}
