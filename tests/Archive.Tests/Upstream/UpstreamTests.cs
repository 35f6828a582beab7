using Relo.Archive.Export;
using Relo.Archive.Kernels;
using Relo.Archive.Tests.Fixtures;
using Relo.Core.Bytes;

namespace Relo.Archive.Tests.Upstream;

/// <summary>A missing kernel is fetched from the upstream once, and is like any other from then on.</summary>
public sealed class UpstreamTests : IAsyncDisposable
{
    private const string Id = "ubuntu/20.04/x86_64/5.4.0-91-generic";
    private static readonly byte[] Btf = TinyBtf.Of("int", "long");
    private readonly List<IAsyncDisposable> _started = [];
    private Mirror _mirror = null!;

    [Theory]
    [InlineData("ubuntu/20.04/x86_64/5.4.0-91-generic", Id)]
    [InlineData("Ubuntu/\"20.04\"/amd64/5.4.0-91-generic", Id)]
    [InlineData("Linux n 5.4.0-91-generic #102~18.04.1-Ubuntu SMP Fri Nov 5 16:31:28 UTC 2021 x86_64 x86_64 x86_64 GNU/Linux", "ubuntu/18.04/x86_64/5.4.0-91-generic")]
    [InlineData("centos/7.9/x86_64/3.10.0-957.el7.x86_64", "centos/7/x86_64/3.10.0-957.el7.x86_64")]
    [InlineData("amazon/2018.03/x86_64/4.14.77-69.57.amzn1.x86_64", "amzn/1/x86_64/4.14.77-69.57.amzn1.x86_64")]
    [InlineData("4.14.101-91.76.amzn2.aarch64", "amzn/2/arm64/4.14.101-91.76.amzn2.aarch64")]
    [InlineData("5.4.17-2011.0.7.el8uek.x86_64", "ol/8/x86_64/5.4.17-2011.0.7.el8uek.x86_64")]
    [InlineData("kylin/V10/aarch64/4.19.90-24.4.v2101.ky10.aarch64", "kylin/V10/arm64/4.19.90-24.4.v2101.ky10.aarch64")]
    [InlineData("kylin/v10/arm64/4.19.90-24.4.v2101.ky10.aarch64", "kylin/V10/aarch64/4.19.90-24.4.v2101.ky10.aarch64")]
    [InlineData("bclinux/21.10u3/x86_64/4.19.90-2107.x86_64", "bclinux/21.10U3/x86_64/4.19.90-2107.x86_64")]
    [InlineData("debian/12/x86_64/6.12.113+deb12-amd64", "debian/12/x86_64/6.12.113+deb12-amd64")]
    public async Task A_kernel_is_found_where_archives_file_it(string asked, string filed)
    {
        var archive = await StartAsync();
        _mirror.File(filed, Btf);
        var found = Assert.IsType<KernelFound>(await FindAsync(archive, asked));
        Assert.Equal("upstream", found.Kernel.Source);
        Assert.Equal(Digest.Of(Btf), found.Kernel.Btf);
        Assert.Contains(found.Explanation,
            step => step.StartsWith($"fetched {filed}.btf.tar.xz from the upstream archive: ", StringComparison.Ordinal)
                && step.Contains("sha256:", StringComparison.Ordinal));
    }

    [Fact]
    public async Task What_was_fetched_stays_and_is_not_asked_for_again()
    {
        var archive = await StartAsync();
        _mirror.File(Id, Btf);
        await FindAsync(archive, Id);
        await archive.Restart();
        Assert.IsType<KernelFound>(await FindAsync(archive, Id));
        Assert.Single(_mirror.Asked);
        using var lease = archive.Cache.Open(Digest.Of(Btf));
        Assert.Equal(Btf, lease!.Bytes.ToArray());
    }

    [Fact]
    public async Task However_many_ask_at_once_it_is_fetched_once()
    {
        var archive = await StartAsync();
        _mirror.File(Id, Btf);
        var found = await Task.WhenAll(Enumerable.Range(0, 50).Select(_ => Task.Run(() => FindAsync(archive, Id))));
        Assert.All(found, resolution => Assert.IsType<KernelFound>(resolution));
        Assert.Single(_mirror.Asked);
    }

    [Fact]
    public async Task A_caller_that_leaves_does_not_take_the_kernel_from_the_others()
    {
        var archive = await StartAsync();
        var go = new TaskCompletionSource();
        _mirror.On(Id, async http =>
        {
            await go.Task;
            await http.Response.Body.WriteAsync(BtfTarball.Write("5.4.0-91-generic", Btf, TestContext.Current.CancellationToken));
        });
        using var leaving = new CancellationTokenSource();
        var first = archive.Finder.FindAsync(new(Id), leaving.Token);
        var second = FindAsync(archive, Id);
        await leaving.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => first);
        go.SetResult();
        Assert.IsType<KernelFound>(await second);
        Assert.Single(_mirror.Asked);
    }

    [Fact]
    public async Task A_miss_is_remembered_for_a_while_and_then_asked_again()
    {
        var archive = await StartAsync(("Archive:Upstream:RememberMisses", "01:00:00"));
        var missing = Assert.IsType<KernelNotFound>(await FindAsync(archive, Id));
        Assert.Contains(missing.Explanation, step => step == $"the upstream archive does not have {Id}.btf.tar.xz");
        _mirror.File(Id, Btf);
        archive.Clock.Advance(TimeSpan.FromMinutes(59));
        missing = Assert.IsType<KernelNotFound>(await FindAsync(archive, Id));
        Assert.Contains(missing.Explanation, step => step.EndsWith("(3540 s ago; next request in 60 s)", StringComparison.Ordinal));
        Assert.Single(_mirror.Asked);
        archive.Clock.Advance(TimeSpan.FromMinutes(2));
        Assert.IsType<KernelFound>(await FindAsync(archive, Id));
    }

    [Fact]
    public async Task What_is_here_or_ambiguous_here_is_never_asked_for()
    {
        var archive = await StartAsync();
        await archive.AddAsync(Btf, "5.4.0-91-generic", "x86_64", "ubuntu", "20.04");
        await archive.AddAsync(TinyBtf.Of("other"), "5.4.0-91-generic", "x86_64", "ubuntu", "18.04");
        Assert.IsType<KernelFound>(await FindAsync(archive, Id));
        Assert.IsType<KernelAmbiguous>(await FindAsync(archive, "5.4.0-91-generic"));
        Assert.Empty(_mirror.Asked);
    }

    [Theory]
    [InlineData("5.4.0-91-generic", "the upstream archive was not contacted: the distribution is unknown")]
    [InlineData("ubuntu/20.04/x86_64/..", "")] // refused as an identifier
    [InlineData("ubuntu/20.04/x86_64/5.4.0/../../x", "")]
    [InlineData("http://evil.example/a", "")]
    public async Task Too_little_or_too_strange_is_not_asked_for(string asked, string step)
    {
        var archive = await StartAsync();
        var resolution = await FindAsync(archive, asked);
        if (step.Length == 0) Assert.IsType<KernelInvalid>(resolution);
        else Assert.Contains(Assert.IsType<KernelNotFound>(resolution).Explanation, s => s.StartsWith(step, StringComparison.Ordinal));
        Assert.Empty(_mirror.Asked);
    }

    [Fact]
    public async Task Parameters_that_contradict_the_identifier_are_not_asked_for()
    {
        var archive = await StartAsync();
        Assert.IsType<KernelNotFound>(await archive.Finder.FindAsync(new(Id, Distro: "debian"), TestContext.Current.CancellationToken));
        Assert.Empty(_mirror.Asked);
    }

    [Fact]
    public async Task Parameters_complete_a_release()
    {
        var archive = await StartAsync();
        _mirror.File("kylin/V10/x86_64/4.19.90-1", Btf);
        Assert.IsType<KernelFound>(
            await archive.Finder.FindAsync(new("4.19.90-1", "amd64", "Kylin", "V10"), TestContext.Current.CancellationToken));
        Assert.Single(_mirror.Asked); // in the caller's capitalisation, with the first request
    }

    [Fact]
    public async Task Without_an_upstream_nothing_is_asked_and_the_steps_say_so()
    {
        var archive = await StartAsync(("Archive:Upstream:BaseUrl", ""));
        var missing = Assert.IsType<KernelNotFound>(await FindAsync(archive, Id));
        Assert.Contains(missing.Explanation, step => step.Contains("Archive:Upstream:BaseUrl is empty", StringComparison.Ordinal));
    }

    private async Task<TestArchive> StartAsync(params (string Key, string Value)[] settings)
    {
        _mirror = await Mirror.StartAsync();
        _started.Add(_mirror);
        var archive = await TestArchive.StartAsync([("Archive:Upstream:BaseUrl", _mirror.Url), .. settings]);
        _started.Insert(0, archive);
        return archive;
    }

    private static Task<KernelResolution> FindAsync(TestArchive archive, string kernel) =>
        archive.Finder.FindAsync(new(kernel), TestContext.Current.CancellationToken);

    public async ValueTask DisposeAsync()
    {
        foreach (var started in _started) await started.DisposeAsync();
    }
}
