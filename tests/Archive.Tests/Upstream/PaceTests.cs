using Relo.Archive.Tests.Fixtures;
using Relo.Archive.Upstream;

namespace Relo.Archive.Tests.Upstream;

public class PaceTests
{
    [Fact]
    public async Task A_clock_that_was_set_back_holds_up_no_download()
    {
        var clock = new ManualClock();
        var pace = new Pace(1_000_000, clock);
        await pace.WaitAsync(1, TestContext.Current.CancellationToken);
        clock.Set(-TimeSpan.FromHours(1));
        await pace.WaitAsync(1, TestContext.Current.CancellationToken); // not an hour
    }
}
