using Microsoft.Extensions.DependencyInjection;
using Relo.Api.Compatibility;
using Relo.Api.Http.Limits;
using Relo.Api.Http.Problems;
using Relo.Api.Tests.Fixtures;
using Relo.Archive.Index;
using Relo.Core.Compatibility;
using Relo.Core.Objects;

namespace Relo.Api.Tests.Compatibility;

/// <summary>Concurrent requests share the check of one object on one kernel.</summary>
public sealed class SharedCheckTests : IDisposable
{
    private readonly ServiceHost _service = new(root: null, ServiceHost.WithoutLayouts);
    private readonly ManualResetEventSlim _isShared = new();

    private CompatibilityRunner Runner => _service.Services.GetRequiredService<CompatibilityRunner>();

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_refusal_of_the_request_that_began_it_does_not_reach_the_others()
    {
        var first = FindAsync(_ => throw new RefusedException(Problem.ObjectNotFound("first")), Stop);
        var second = await ShareAsync();
        _isShared.Set();
        await Assert.ThrowsAsync<RefusedException>(() => first);
        Assert.NotNull((await second()).Outcome);
    }

    [Fact]
    public async Task It_takes_no_memory_for_a_request_that_has_ended()
    {
        var budget = _service.Services.GetRequiredService<MemoryBudget>();
        var share = budget.Share(MemoryUse.Work);
        using var client = new CancellationTokenSource();
        var first = FindAsync(bytes => share.Take(bytes), client.Token);
        var second = await ShareAsync();
        await client.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => first);
        share.Dispose();
        _isShared.Set();
        Assert.NotNull((await second()).Outcome);
        Assert.Equal(0, budget.TakenFor(MemoryUse.Work));
    }

    public void Dispose()
    {
        _service.Dispose();
        _isShared.Dispose();
    }

    /// <summary>Joins the check that another request began, which continues when <see cref="_isShared"/> is set.</summary>
    private async Task<Func<Task<KernelFinding>>> ShareAsync()
    {
        while (Runner.Tally.Made == 0) await Task.Delay(1, Stop);
        var found = FindAsync(_ => { }, Stop);
        while (Runner.Tally.Joined == 0) await Task.Delay(1, Stop);
        return () => found;
    }

    private async Task<KernelFinding> FindAsync(Action<long> keep, CancellationToken stop)
    {
        var kernels = _service.Services.GetRequiredService<KernelIndex>().Matching(new()).Take(1).ToList();
        var check = new CompatibilityCheck(BpfObject.Read(Samples.Object), bytes =>
        {
            _isShared.Wait(Stop);
            keep(bytes);
        });
        return await Runner.RunAsync(Samples.ObjectDigest, check, kernels, stop).SingleAsync(stop);
    }
}
