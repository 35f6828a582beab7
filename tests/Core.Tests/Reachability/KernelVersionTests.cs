using Relo.Core.Reachability;

namespace Relo.Core.Tests.Reachability;

public sealed class KernelVersionTests
{
    [Fact]
    public void A_code_is_that_of_linux_version_h() => Assert.Equal(0x06019eu, KernelVersion.Exact(6, 1, 158).Min);

    [Fact] // linux/version.h since 4.4.255: ((c) > 255 ? 255 : (c))
    public void A_sublevel_above_255_counts_as_255() => Assert.Equal(KernelVersion.Exact(4, 19, 255), KernelVersion.Exact(4, 19, 324));

    [Fact]
    public void A_line_holds_each_of_its_sublevels()
    {
        var line = KernelVersion.Line(5, 15);
        Assert.Equal((0x050f00u, 0x050fffu), (line.Min, line.Max));
        Assert.False(line.IsExact);
    }

    [Fact]
    public void It_prints_as_people_write_it()
    {
        Assert.Equal("6.1.158", KernelVersion.Exact(6, 1, 158).ToString());
        Assert.Equal("6.1.x", KernelVersion.Line(6, 1).ToString());
        Assert.Equal("6.1.20–6.2.3", new KernelVersion(KernelVersion.Code(6, 1, 20), KernelVersion.Code(6, 2, 3)).ToString());
    }

    [Theory]
    [InlineData(65536u, 0u)]
    [InlineData(6u, 256u)]
    public void Numbers_that_do_not_fit_are_refused(uint a, uint b) =>
        Assert.Throws<ArgumentOutOfRangeException>(() => KernelVersion.Exact(a, b, 0));
}
