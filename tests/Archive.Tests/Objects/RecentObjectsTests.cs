using Relo.Archive.Index;
using Relo.Archive.Objects;
using Relo.Archive.Tests.Fixtures;

namespace Relo.Archive.Tests.Objects;

public sealed class RecentObjectsTests
{
    private static readonly ObjectRef Tracer = new ObjectRef.ByTag("tracer");

    private readonly ManualClock _clock = new();
    private readonly RecentObjects _recent;

    public RecentObjectsTests() => _recent = new(_clock);

    [Fact]
    public void All_who_read_a_row_at_once_hold_the_one_that_was_remembered_first()
    {
        ObjectRow first = Row(), late = Row();
        Assert.Same(first, _recent.Keep(Tracer, first, _recent.Version));
        first.LastUsedAt = 2; // a use is noted while another one still holds what it read before
        Assert.Same(first, _recent.Keep(Tracer, late, _recent.Version));
        Assert.Same(first, _recent.Find(Tracer));
    }

    [Fact]
    public void A_row_is_read_anew_a_second_later()
    {
        ObjectRow first = Row(), next = Row();
        _recent.Keep(Tracer, first, _recent.Version);
        _clock.Advance(TimeSpan.FromSeconds(1));
        Assert.Null(_recent.Find(Tracer));
        Assert.Same(next, _recent.Keep(Tracer, next, _recent.Version));
        Assert.Same(next, _recent.Find(Tracer));
    }

    [Fact]
    public void What_was_read_before_a_change_is_not_remembered_after_it()
    {
        ObjectRow before = Row(), after = Row();
        var version = _recent.Version;
        _recent.Keep(Tracer, before, version);
        _recent.Forget();
        Assert.Same(before, _recent.Keep(Tracer, before, version));
        Assert.Null(_recent.Find(Tracer));
        Assert.Same(after, _recent.Keep(Tracer, after, _recent.Version));
    }

    [Fact]
    public void A_row_that_was_read_for_a_caller_who_wants_the_current_one_replaces_the_remembered_one()
    {
        ObjectRow first = Row(), current = Row();
        _recent.Keep(Tracer, first, _recent.Version);
        Assert.Same(current, _recent.Keep(Tracer, current, _recent.Version, isCurrent: true));
        Assert.Same(current, _recent.Find(Tracer));
    }

    private static ObjectRow Row() => new() { Digest = new('a', 64), SizeBytes = 1, UploadedAt = 1, LastUsedAt = 1 };
}
