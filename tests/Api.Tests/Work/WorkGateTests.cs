using System.Net;
using Microsoft.Extensions.DependencyInjection;
using Relo.Api.Tests.Fixtures;
using Relo.Api.Work;

namespace Relo.Api.Tests.Work;

/// <summary>One work item at a time, and one may wait; the test itself holds the slot.</summary>
public sealed class WorkGateTests : IDisposable
{
    private const string Route = $"/v1/relocations?kernel={Samples.NewKernel}", Other = $"/v1/relocations?kernel={Samples.OldKernel}";

    private readonly ServiceHost _service = new(root: null, ("Limits:Relocations", "1"), ("Limits:RelocationsWaiting", "1"));

    private WorkGate Gate => _service.Services.GetRequiredService<WorkGate>();

    private static CancellationToken Patience => TestContext.Current.CancellationToken;

    [Fact]
    public async Task One_waits_for_a_processor_and_the_next_is_told_to_come_again()
    {
        Task<HttpResponseMessage> waiting;
        using (await Gate.TakeAsync(isOneOfMany: false, Patience))
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
    public async Task What_is_there_and_what_is_under_way_needs_no_place()
    {
        Assert.Equal(HttpStatusCode.OK, (await _service.Http.PostAsync(Route, Answers.Body(Samples.Object))).StatusCode);
        List<Task<HttpResponseMessage>> same;
        using (await Gate.TakeAsync(isOneOfMany: false, Patience))
        {
            Assert.Equal(HttpStatusCode.OK, (await _service.Http.PostAsync(Route, Answers.Body(Samples.Object))).StatusCode);
            same = [.. Enumerable.Range(0, 20).Select(_ => _service.Http.PostAsync(Other, Answers.Body(Samples.Object)))];
            await UntilWaitingAsync(1);
        }

        Assert.All(await Task.WhenAll(same), answer => Assert.Equal(HttpStatusCode.OK, answer.StatusCode));
    }

    [Fact]
    public async Task Questions_over_many_kernels_begin_only_where_there_is_room()
    {
        Task<HttpResponseMessage> waiting;
        using (await Gate.TakeAsync(isOneOfMany: false, Patience))
        {
            waiting = _service.Http.PostAsync(Route, Answers.Body(Samples.Object));
            await UntilWaitingAsync(1);
            foreach (var route in new[] { "bundles", "compatibility", "minimal-btf" })
            {
                using var refused =
                    await _service.Http.PostAsync($"/v1/{route}?release={Samples.OldKernel.Split('/')[^1]}", Answers.Body(Samples.Object));
                await refused.ProblemAsync(HttpStatusCode.TooManyRequests, "too-many-requests");
            }
        }

        Assert.Equal(HttpStatusCode.OK, (await waiting).StatusCode);
    }

    [Fact]
    public async Task Request_that_runs_out_of_time_is_told_so_and_nothing_goes_on_for_it()
    {
        using var service = new ServiceHost(root: null, ("Limits:Relocations", "1"), ("Limits:RequestTime", "00:00:00.5"));
        var gate = service.Services.GetRequiredService<WorkGate>();
        using (await gate.TakeAsync(isOneOfMany: false, Patience))
        {
            using var answer = await service.Http.PostAsync(Route, Answers.Body(Samples.Object));
            var problem = await answer.ProblemAsync(HttpStatusCode.GatewayTimeout, "time-exceeded");
            Assert.Contains("0.5 seconds that Limits:RequestTime allows", (string?)problem["detail"], StringComparison.Ordinal);
            while (gate.Waiting > 0) await Task.Delay(10, Patience);
        }

        // On a busy machine half a second may be too short for a first relocation.
        HttpStatusCode status;
        while ((status =
            (await service.Http.PostAsync(Route, Answers.Body(Samples.Object))).StatusCode) == HttpStatusCode.GatewayTimeout) { }
        Assert.Equal(HttpStatusCode.OK, status);
    }

    [Fact]
    public async Task Client_that_hangs_up_leaves_the_queue()
    {
        using (await Gate.TakeAsync(isOneOfMany: false, Patience))
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
        while (Gate.Waiting != count) await Task.Delay(10, Patience);
    }
}
