using Relo.Archive.Index;
using Relo.Archive.Kernels;
using Relo.Archive.Naming;
using Relo.Archive.Resolution;
using Relo.Core.Bytes;

namespace Relo.Archive.Tests.Resolution;

public sealed class NearestKernelsTests
{
    [Fact]
    public void The_version_line_counts_before_the_flavour_and_the_numbers_last() => Assert.Equal(
        ["5.4.0-90-generic", "5.4.0-93-generic", "5.4.0-100-generic", "5.4.0-1059-aws", "5.8.0-91-generic"],
        Nearest("5.4.0-91-generic", "5.8.0-91-generic", "5.4.0-1059-aws", "5.4.0-100-generic", "5.4.0-93-generic", "5.4.0-90-generic",
            "4.15.0-20-generic"));

    [Fact]
    public void Numbers_are_compared_as_numbers() =>
        Assert.Equal(["5.4.0-9-generic", "5.4.0-100-generic"], Nearest("5.4.0-10-generic", "5.4.0-100-generic", "5.4.0-9-generic"));

    [Fact]
    public void The_architecture_of_the_release_counts_first() => Assert.Equal(
        ["4.18.0-80.el8.aarch64", "4.18.0-147.el8.x86_64"],
        Nearest("4.18.0-147.5.1.el8_1.aarch64", "4.18.0-147.el8.x86_64", "4.18.0-80.el8.aarch64"));

    [Fact]
    public void Why_says_in_what_a_kernel_is_near_and_in_what_it_differs()
    {
        var near = NearestKernels.To(new NamedRelease("release", "5.4.0-91-generic") { Arch = "x86_64", Distro = "ubuntu" },
            new KernelSnapshot([Make("5.4.0-90-generic", "x86_64"), Make("5.4.0-92-aws", "arm64")])).Nearest;
        Assert.Equal(
            "the same version line 5.4, the same flavour generic, older, the same architecture x86_64, the same distribution ubuntu 20.04",
            near[0].Why);
        Assert.Equal(
            "the same version line 5.4, another flavour aws, newer, another architecture, arm64, the same distribution ubuntu 20.04",
            near[1].Why);
    }

    [Fact]
    public void Neighbours_are_the_next_on_either_side_of_the_same_flavour_and_shown_even_where_five_are_nearer()
    {
        string[] older = ["5.4.0-90-generic", "5.4.0-89-generic", "5.4.0-88-generic", "5.4.0-87-generic", "5.4.0-86-generic"];
        var (nearest, neighbours) = NearestKernels.To(
            new NamedRelease("release", "5.4.0-91-generic"), Snapshot([.. older, "5.4.0-99-generic", "5.4.0-120-generic", "5.4.0-92-aws"]));
        Assert.Equal("5.4.0-90-generic", neighbours.Older?.Release);
        Assert.Equal("5.4.0-99-generic", neighbours.Newer?.Release);
        Assert.Equal([.. older[..4], "5.4.0-99-generic"], nearest.Select(n => n.Kernel.Release));
    }

    [Fact]
    public void There_is_no_neighbour_beyond_the_last_and_none_of_another_architecture_or_distribution()
    {
        Assert.Null(NearestKernels.To(new NamedRelease("release", "5.4.0-91-generic"), Snapshot("5.4.0-90-generic")).Neighbours.Newer);
        Assert.Equal(new(null, null),
            NearestKernels.To(new NamedRelease("release", "5.4.0-91-generic") { Arch = "arm64" }, Snapshot("5.4.0-90-generic")).Neighbours);
        Assert.Equal(new(null, null),
            NearestKernels.To(
                new NamedRelease("release", "5.4.0-91-generic") { Distro = "debian" }, Snapshot("5.4.0-90-generic")).Neighbours);
    }

    [Fact]
    public void The_same_release_of_another_distribution_is_near_and_no_neighbour()
    {
        var (nearest, neighbours) =
            NearestKernels.To(new NamedRelease("path", "5.4.0-91-generic") { Distro = "debian" }, Snapshot("5.4.0-91-generic"));
        Assert.Equal("5.4.0-91-generic", Assert.Single(nearest).Kernel.Release);
        Assert.Equal(new(null, null), neighbours);
    }

    [Fact]
    public void A_version_finds_its_neighbours_where_archives_file_its_major()
    {
        var wanted = new NamedRelease("path", "5.4.0-91-generic") { Distro = "ubuntu", Version = "20.04.6" };
        Assert.Null(NearestKernels.To(wanted, Snapshot("5.4.0-90-generic")).Neighbours.Older);
        var filed = Make("5.4.0-90-generic", "x86_64") with { Version = "20" };
        Assert.Equal(filed, NearestKernels.To(wanted, new KernelSnapshot([filed])).Neighbours.Older);
    }

    [Theory]
    [InlineData("4.18.0-147.5.1.el8_1.aarch64", "4 18 0 147 5 1", "el8")]
    [InlineData("6.1.0-38-cloud-amd64", "6 1 0 38", "cloud")]
    [InlineData("6.12.113+deb12-amd64", "6 12 113", "deb12")]
    [InlineData("4.19.90-24.4.v2101.ky10.aarch64", "4 19 90 24 4", "v2101.ky10")]
    [InlineData("4.14.101-91.76.amzn2.aarch64", "4 14 101 91 76", "amzn2")]
    [InlineData("6.18.44-fc-v657", "6 18 44", "fc-v657")]
    [InlineData("99999999999999999999999.1", "18446744073709551615 1", "")]
    [InlineData("sample", "", "sample")]
    public void A_release_is_taken_apart_into_numbers_and_flavour(string release, string numbers, string flavour)
    {
        var parts = ReleaseParts.Read(release);
        Assert.Equal(numbers, string.Join(' ', parts.Numbers));
        Assert.Equal(flavour, parts.Flavour);
    }

    private static IEnumerable<string> Nearest(string wanted, params string[] here) =>
        NearestKernels.To(new NamedRelease("release", wanted),
            new KernelSnapshot(here.Select(r => Make(r, KernelName.ArchOfRelease(r) ?? "x86_64")))).Nearest.Select(n => n.Kernel.Release);

    private static KernelSnapshot Snapshot(params string[] releases) => new(releases.Select(r => Make(r, "x86_64")));

    private static Kernel Make(string release, string arch) =>
        new($"ubuntu/20.04/{arch}/{release}", "ubuntu", "20.04", arch, release, Digest.Of("x"u8), 1, "import", DateTimeOffset.UnixEpoch,
            []);
}
