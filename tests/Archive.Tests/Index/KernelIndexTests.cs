using Relo.Archive.Index;
using Relo.Archive.Kernels;
using Relo.Core.Bytes;

namespace Relo.Archive.Tests.Index;

public sealed class KernelIndexTests
{
    private static readonly KernelFilter All = new();

    [Fact]
    public void Kernels_are_listed_in_natural_order() => Assert.Equal(
        ["ubuntu/20.04/x86_64/5.4.0-9-generic", "ubuntu/20.04/x86_64/5.4.0-10-generic", "ubuntu/20.04/x86_64/5.4.0-91-generic"],
        Of("ubuntu/20.04/x86_64/5.4.0-91-generic", "ubuntu/20.04/x86_64/5.4.0-10-generic", "ubuntu/20.04/x86_64/5.4.0-9-generic")
            .Matching(All).Select(k => k.Id));

    [Fact]
    public void Pages_cover_every_kernel_once()
    {
        var index = Of([.. Enumerable.Range(1, 25).Select(i => $"a/1/x86_64/5.{i}.0")]);
        var seen = new List<string>();
        string? next = null;
        do
        {
            var page = index.List(All, 10, next);
            seen.AddRange(page.Items.Select(k => k.Release));
            next = page.Next;
        }
        while (next is not null);
        Assert.Equal(Enumerable.Range(1, 25).Select(i => $"5.{i}.0"), seen);
    }

    [Fact]
    public void BTF_that_kernels_share_is_counted_once()
    {
        var one = Make("a/1/x86_64/5.1.0") with { Btf = Digest.Of([1]), BtfSizeBytes = 10 };
        var other = Make("a/1/x86_64/5.2.0") with { Btf = Digest.Of([2]), BtfSizeBytes = 7 };
        Assert.Equal(17, new KernelIndex([one, one with { Id = "b/1/x86_64/5.1.0", Distro = "b" }, other]).BtfBytes);
    }

    [Fact]
    public void A_last_page_that_is_just_full_has_no_next()
    {
        var index = Of("a/1/x86_64/5.1.0", "a/1/x86_64/5.2.0");
        Assert.Null(index.List(All, 2, null).Next);
        Assert.NotNull(index.List(All, 1, null).Next);
    }

    [Fact]
    public void A_cursor_keeps_its_place_while_kernels_come_and_go()
    {
        var index = Of("a/1/x86_64/5.1.0", "a/1/x86_64/5.2.0", "a/1/x86_64/5.3.0", "a/1/x86_64/5.4.0");
        var first = index.List(All, 2, null);
        index.Remove("a/1/x86_64/5.2.0"); // the very kernel the cursor stands on
        index.Put(Make("a/1/x86_64/5.0.0")); // before it
        index.Put(Make("a/1/x86_64/5.3.1")); // behind it
        Assert.Equal(["5.3.0", "5.3.1", "5.4.0"], index.List(All, 10, first.Next).Items.Select(k => k.Release));
    }

    [Fact]
    public void Looking_after_each_change_sees_what_looking_once_would()
    {
        var random = new Random(7);
        var index = new KernelIndex();
        var model = new Dictionary<string, Kernel>(StringComparer.Ordinal);
        for (var i = 0; i < 2000; i++)
        {
            var kernel = Make($"d{random.Next(3)}/1/x86_64/5.{random.Next(40)}.0") with { Btf = Digest.Of([(byte)random.Next(5)]) };
            if (random.Next(4) == 0)
            {
                model.Remove(kernel.Id);
                index.Remove(kernel.Id);
            }
            else
            {
                model[kernel.Id] = kernel;
                index.Put(kernel);
            }

            // Not after every change, so that one update covers several changes, and sometimes more than an update can cover.
            if (random.Next(i < 1000 ? 3 : 300) != 0 && i < 1999) continue;
            if (random.Next(2) == 0) _ = index.Current.Parts;
            var whole = new KernelIndex(model.Values);
            Assert.Equal(whole.Matching(All), index.Matching(All));
            Assert.Equal(whole.Current.Parts.Select(p => p.ToString()), index.Current.Parts.Select(p => p.ToString()));
            Assert.All(
                Enumerable.Range(0, 40), r => Assert.Equal(whole.Current.WithRelease($"5.{r}.0"), index.Current.WithRelease($"5.{r}.0")));
            Assert.All(Enumerable.Range(0, 5), b => Assert.Equal(whole.WithBtf(Digest.Of([(byte)b])), index.WithBtf(Digest.Of([(byte)b]))));
        }
    }

    [Theory]
    [InlineData("!!")]
    [InlineData("")]
    [InlineData("_w")] // base64url of bytes that are no UTF-8
    public void What_is_no_cursor_is_refused(string cursor)
    {
        Assert.False(KernelCursor.TryParse(cursor, out _));
        Assert.Throws<FormatException>(() => Of("a/1/x86_64/5.1.0").List(All, 1, cursor));
    }

    [Theory]
    [InlineData("ubuntu", null, null, null, null, 2)]
    [InlineData("UBUNTU", "18.04", null, null, null, 1)]
    [InlineData(null, null, "aarch64", null, null, 1)]
    [InlineData(null, null, null, "5.4.*", null, 2)]
    [InlineData(null, null, null, "5.?.0-91-generic", null, 2)]
    [InlineData(null, null, null, "6.12.113 deb12*", null, 1)]
    [InlineData(null, null, null, null, "DEB12", 1)]
    [InlineData(null, null, null, null, "ubuntu generic arm64", 1)]
    [InlineData(null, null, null, null, "nothing", 0)]
    [InlineData("", " ", "", "", "", 3)]
    public void A_filter_keeps_what_matches_all_of_it(
        string? distro, string? version, string? arch, string? release, string? q, int expected) => Assert.Equal(
        expected,
        Of("ubuntu/20.04/arm64/5.4.0-91-generic", "ubuntu/18.04/x86_64/5.4.0-91-generic", "debian/12/x86_64/6.12.113+deb12-amd64")
            .Matching(new(distro, version, arch, release, q)).Count());

    [Fact]
    public void A_release_without_a_pattern_has_pages_as_well()
    {
        var index = Of("a/1/x86_64/5.1.0", "b/1/x86_64/5.1.0", "b/1/x86_64/5.2.0", "c/1/x86_64/5.1.0");
        var page = index.List(new(Release: "5.1.0"), 2, null);
        Assert.Equal(["a/1/x86_64/5.1.0", "b/1/x86_64/5.1.0"], page.Items.Select(k => k.Id));
        Assert.Equal("c/1/x86_64/5.1.0", Assert.Single(index.List(new(Release: "5.1.0"), 2, page.Next).Items).Id);
    }

    [Fact]
    public void A_page_is_taken_after_filtering()
    {
        var index = Of("a/1/x86_64/5.1.0", "b/1/x86_64/5.1.0", "a/1/x86_64/5.2.0", "b/1/x86_64/5.2.0");
        var page = index.List(new(Distro: "b"), 1, null);
        Assert.Equal("b/1/x86_64/5.1.0", Assert.Single(page.Items).Id);
        Assert.Equal("b/1/x86_64/5.2.0", Assert.Single(index.List(new(Distro: "b"), 1, page.Next).Items).Id);
    }

    private static KernelIndex Of(params string[] ids) => new(ids.Select(Make));

    private static Kernel Make(string id)
    {
        var parts = id.Split('/');
        return new(id, parts[0], parts[1], parts[2], parts[3], Digest.Of([1]), 1, "import", DateTimeOffset.UnixEpoch, []);
    }
}
