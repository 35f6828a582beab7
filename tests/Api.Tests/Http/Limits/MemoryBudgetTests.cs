using Microsoft.Extensions.Options;
using Relo.Api.Http.Limits;
using Relo.Api.Http.Problems;

namespace Relo.Api.Tests.Http.Limits;

public sealed class MemoryBudgetTests
{
    private const long MiB = 1 << 20;

    // Small is up to 1 MiB; the reserve for small requests is 8 MiB.
    private readonly MemoryBudget _budget = new(Options.Create(new LimitOptions { MemoryBytes = 64 * MiB }));

    [Fact]
    public void Small_requests_find_room_where_large_ones_hold_all_that_they_may()
    {
        _budget.Share(MemoryUse.Work).Take(56 * MiB);
        Assert.Equal("too-many-requests", Refused(() => _budget.Share(MemoryUse.Work).Take(MiB + 1)));
        foreach (var _ in Enumerable.Range(0, 8)) _budget.Share(MemoryUse.Upload).Take(MiB);
        Assert.Equal("too-many-requests", Refused(() => _budget.Share(MemoryUse.Upload).Take(1)));
    }

    [Theory]
    [InlineData(MemoryUse.Upload)]
    [InlineData(MemoryUse.Answer)]
    internal void Uploads_and_answers_take_at_most_half_each_so_that_work_goes_on(MemoryUse use)
    {
        _budget.Share(use).Take(20 * MiB);
        _budget.Share(use).Take(12 * MiB);
        Assert.Equal("too-many-requests", Refused(() => _budget.Share(use).Take(2 * MiB)));
        _budget.Share(MemoryUse.Work).Take(24 * MiB);
    }

    [Theory]
    [InlineData(MemoryUse.Upload)]
    [InlineData(MemoryUse.Answer)]
    internal void One_alone_may_take_more_than_half(MemoryUse use)
    {
        using (_budget.Share(use).Take(30 * MiB).Take(26 * MiB)) Assert.Equal(56 * MiB, _budget.TakenFor(use));
        Assert.Equal(0, _budget.TakenFor(use));
    }

    [Theory]
    [InlineData(MemoryUse.Upload, "body-too-large")]
    [InlineData(MemoryUse.Work, "body-too-large")]
    [InlineData(MemoryUse.Answer, "report-too-large")]
    internal void What_one_request_never_gets_is_too_large_and_not_asked_to_come_again(MemoryUse use, string code)
        => Assert.Equal(code, Refused(() => _budget.Share(use).Take((56 * MiB) + 1)));

    [Fact]
    public void Upload_of_the_same_request_counts_for_what_it_may_take()
        => Assert.Equal("body-too-large", Refused(() => _budget.Share(MemoryUse.Work, besideBytes: 30 * MiB).Take(27 * MiB)));

    [Fact]
    public void Share_that_is_refused_more_keeps_what_it_has_and_gives_it_back_once()
    {
        var share = _budget.Share(MemoryUse.Work).Take(50 * MiB);
        Assert.Equal("body-too-large", Refused(() => share.Take(7 * MiB)));
        Assert.Equal(50 * MiB, _budget.TakenFor(MemoryUse.Work));
        share.Dispose();
        share.Dispose();
        Assert.Equal(0, _budget.TakenFor(MemoryUse.Work));
    }

    [Fact]
    public void Share_that_was_released_takes_nothing_more()
    {
        var share = _budget.Share(MemoryUse.Work).Take(MiB);
        share.Dispose();
        Assert.Throws<ObjectDisposedException>(() => share.Take(MiB));
        Assert.Equal(0, _budget.TakenFor(MemoryUse.Work));
    }

    private static string Refused(Action take) => Assert.Throws<RefusedException>(take).Problem.Kind.Code;
}
