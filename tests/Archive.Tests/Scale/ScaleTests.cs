using System.Diagnostics;
using Relo.Archive.Index;
using Relo.Archive.Kernels;
using Relo.Archive.Resolution;
using Relo.Archive.Tests.Fixtures;
using Relo.Archive.Upkeep;
using Relo.Core.Bytes;

namespace Relo.Archive.Tests.Scale;

/// <summary>
/// The cost of a request does not grow with the archive. Measured in allocated bytes, because times depend on the machine;
/// the times are printed.
/// </summary>
public sealed class ScaleTests(ITestOutputHelper output)
{
    private const int Few = 400, Many = 20_000;

    // The smallest object takes 24 bytes: code that makes one for each kernel, or for every fourth, exceeds this. The
    // runtime's counter may be some kilobytes off during a collection, which is far less.
    private const long MadeForNone = 24L * Many / 4;

    private static readonly (Digest, long)[] Btf = [.. Enumerable.Range(0, 8).Select(i => (Digest.Of([(byte)i]), 1L))];

    [Theory]
    [InlineData("ubuntu/20.04/x86_64/5.4.0-20-generic")]
    [InlineData("6.1.0-20-amd64")]
    [InlineData("Linux n 6.1.0-20-cloud-arm64 #1 SMP Debian 6.1.147-1 (2025-08-02) aarch64 GNU/Linux")]
    [InlineData("ubuntu/20.04/x86_64/5.4.0-21-generic")] // not here: all are looked at, for the nearest
    [InlineData("5.4.0-21-generic")]
    public void Resolving_costs_the_same_among_few_and_many(string kernel) =>
        AssertFlat(index => new KernelResolver(index).Resolve(new(kernel)));

    [Theory]
    [InlineData(null, null)]
    [InlineData("debian", null)]
    [InlineData(null, "6.1.0-2?-amd64")]
    [InlineData(null, "6.1.0-20-amd64")]
    public void A_page_costs_the_same_among_few_and_many(string? distro, string? release) =>
        AssertFlat(index => index.List(new(Distro: distro, Release: release), 50, null));

    [Fact]
    public void The_last_page_costs_no_more_than_the_first()
    {
        var index = new KernelIndex(MadeUpKernels.Make(Many, Btf));
        var last = index.Matching(new()).TakeLast(51).First();
        long first = Allocated(() => index.List(new(), 50, null)), end =
            Allocated(() => index.List(new(), 50, KernelCursor.After(last.Id)));
        Assert.InRange(end, 0, first + MadeForNone);
    }

    [Fact]
    public async Task An_archive_of_twenty_thousand_kernels_starts_lists_resolves_adds_and_verifies()
    {
        var ct = TestContext.Current.CancellationToken;
        await using var archive = await TestArchive.StartAsync();
        await MadeUpKernels.FillAsync(archive, Many);
        await TimeAsync("start", () => archive.Restart());
        Time("first look (sorts and freezes)", 1, () => Assert.True(archive.Index.Count > Many));
        Time("resolve a path", 1000, () => Assert.IsType<KernelFound>(archive.Resolver.Resolve(new("debian/12/x86_64/6.1.0-20-amd64"))));
        Time("resolve a release that is not here", 20,
            () => Assert.Equal(5, Assert.IsType<KernelNotFound>(archive.Resolver.Resolve(new("6.1.0-21-amd64"))).Nearest.Count));
        Time("list a page of 100", 100, () => Assert.Equal(100, archive.Index.List(new(), 100, null).Items.Count));
        Time("list a page by pattern and words", 20,
            () => Assert.Equal(100, archive.Index.List(new(Release: "5.*", Q: "ubuntu arm64"), 100, null).Items.Count));
        await TimeAsync("add a kernel and look", async () =>
        {
            Assert.IsType<Added>(await archive.AddAsync(TinyBtf.Of("new"), "6.1.0-21-amd64", "x86_64", "debian", "12"));
            Assert.IsType<KernelFound>(archive.Resolver.Resolve(new("6.1.0-21-amd64")));
        });
        await TimeAsync("verify", async () => Assert.Empty((await archive.Get<ArchiveVerifier>().VerifyAsync(ct)).Faults));
    }

    private void AssertFlat(Action<KernelIndex> ask)
    {
        KernelIndex few = new(MadeUpKernels.Make(Few, Btf)), many = new(MadeUpKernels.Make(Many, Btf));
        long amongFew = Allocated(() => ask(few)), amongMany = Allocated(() => ask(many));
        output.WriteLine($"{amongFew} bytes among {Few}, {amongMany} among {Many}");
        Assert.InRange(amongMany, 0, amongFew + MadeForNone);
    }

    private static long Allocated(Action ask)
    {
        ask(); // makes the snapshot, compiles
        var least = long.MaxValue;
        // A collection meanwhile counts the rest of the thread's allocation buffer as allocated, so the minimum is the cost.
        for (var i = 0; i < 20; i++)
        {
            var before = GC.GetAllocatedBytesForCurrentThread();
            ask();
            least = Math.Min(least, GC.GetAllocatedBytesForCurrentThread() - before);
        }

        return least;
    }

    private void Time(string what, int times, Action act)
    {
        var watch = Stopwatch.StartNew();
        for (var i = 0; i < times; i++) act();
        output.WriteLine($"{what}: {watch.Elapsed.TotalMicroseconds / times:0} us");
    }

    private async Task TimeAsync(string what, Func<Task> act)
    {
        var watch = Stopwatch.StartNew();
        await act();
        output.WriteLine($"{what}: {watch.Elapsed.TotalMilliseconds:0} ms");
    }
}
