using Relo.Archive.Tests.Fixtures;
using Relo.Archive.Upstream;

namespace Relo.Archive.Tests.Upstream;

public sealed class MissMemoryTests
{
    private readonly ManualClock _clock = new();

    [Fact]
    public void Names_that_callers_make_up_do_not_fill_the_memory()
    {
        var misses = new MissMemory(_clock);
        for (var i = 0; i < 50_000; i++) misses.Remember($"ubuntu/20.04/x86_64/{i}", "not there", TimeSpan.FromHours(1));
        Assert.True(misses.Count <= 10_000, $"{misses.Count} are kept");
        Assert.NotNull(misses.Recall("ubuntu/20.04/x86_64/49999"));
    }

    [Fact]
    public void Outdated_ones_make_room_before_living_ones()
    {
        var misses = new MissMemory(_clock);
        for (var i = 0; i < 9_999; i++) misses.Remember($"old/{i}", "not there", TimeSpan.FromMinutes(1));
        misses.Remember("living", "not there", TimeSpan.FromHours(1));
        _clock.Advance(TimeSpan.FromMinutes(2));
        misses.Remember("new", "not there", TimeSpan.FromHours(1));
        Assert.Equal(2, misses.Count);
        Assert.NotNull(misses.Recall("living"));
    }

    [Fact]
    public void No_time_means_no_memory()
    {
        var misses = new MissMemory(_clock);
        misses.Remember("a", "not there", TimeSpan.Zero);
        Assert.Null(misses.Recall("a"));
    }
}
