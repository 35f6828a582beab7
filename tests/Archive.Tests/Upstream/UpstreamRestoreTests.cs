using Microsoft.AspNetCore.Http;
using Relo.Archive.Blobs;
using Relo.Archive.Damage;
using Relo.Archive.Export;
using Relo.Archive.Faults;
using Relo.Archive.OnDemand;
using Relo.Archive.Tests.Fixtures;
using Relo.Archive.Upstream;
using Relo.Core.Bytes;

namespace Relo.Archive.Tests.Upstream;

public sealed class UpstreamRestoreTests : IAsyncLifetime
{
    private const string Id = "debian/12/x86_64/6.1.0-1-amd64";
    private static readonly byte[] Btf = TinyBtf.Of("int", "long");
    private Mirror _mirror = null!;
    private TestArchive _archive = null!;

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _mirror = await Mirror.StartAsync();
        _archive = await TestArchive.StartAsync(("Archive:Upstream:BaseUrl", _mirror.Url));
        await _archive.AddAsync(Btf, distro: "debian", version: "12");
    }

    [Fact]
    public async Task Damaged_BTF_is_fetched_again_and_whoever_asked_notices_nothing()
    {
        _mirror.File(Id, Btf);
        Damage();
        Assert.Equal("long", await UseAsync());
        Assert.Equal(Btf, File.ReadAllBytes(_archive.BtfPath(Digest.Of(Btf))));
        Assert.Null(_archive.Index.Find(Id)!.Damaged);
        Assert.Equal((1, 1), (_archive.Get<Quarantine>().Btf, _archive.Get<KernelOpener>().Restored));
        Assert.Equal("long", await UseAsync());
        Assert.Single(_mirror.Asked);
    }

    [Fact]
    public async Task Missing_BTF_is_fetched_once_however_many_ask()
    {
        _mirror.File(Id, Btf);
        File.Delete(_archive.BtfPath(Digest.Of(Btf)));
        var types = await Task.WhenAll(Enumerable.Range(0, 32).Select(_ => Task.Run(UseAsync)));
        Assert.All(types, type => Assert.Equal("long", type));
        Assert.Single(_mirror.Asked);
    }

    [Fact]
    public async Task What_an_earlier_fetch_or_another_node_has_restored_is_not_fetched_again()
    {
        _mirror.File(Id, Btf);
        Assert.Null(await _archive.Get<UpstreamRestore>().TryAsync(Digest.Of(Btf), Stop)); // by a caller that saw it missing before
        Assert.Empty(_mirror.Asked);
    }

    [Fact]
    public async Task BTF_that_is_passed_on_is_fetched_again_too()
    {
        _mirror.File(Id, Btf);
        Damage();
        using var lease = await _archive.Get<KernelOpener>().OpenAsync(_archive.Index.Find(Id)!, Stop);
        Assert.Equal(Btf, lease.Bytes.ToArray());
    }

    [Fact]
    public async Task A_kernel_that_shares_the_BTF_will_do()
    {
        await _archive.AddAsync(Btf, "6.1.0-1-cloud", distro: "debian", version: "12");
        _mirror.File("debian/12/x86_64/6.1.0-1-cloud", Btf);
        Damage();
        Assert.Equal("long", await UseAsync());
    }

    [Fact]
    public async Task One_kernels_file_that_is_refused_does_not_keep_others_from_being_tried()
    {
        await _archive.AddAsync(Btf, "6.1.0-1-cloud", distro: "debian", version: "12");
        _mirror.On(Id, async http =>
        {
            http.Response.ContentLength = 10L << 30;
            await http.Response.Body.WriteAsync(new byte[1]);
            await http.Response.Body.FlushAsync();
            await Task.Delay(Timeout.Infinite, http.RequestAborted);
        });
        _mirror.File("debian/12/x86_64/6.1.0-1-cloud", Btf);
        Damage();
        Assert.Equal("long", await UseAsync());
        Assert.Equal(2, _mirror.Asked.Count);
    }

    [Fact]
    public async Task Another_BTF_is_not_taken_in_its_place()
    {
        var other = TinyBtf.Of("int", "char");
        _mirror.File(Id, other);
        Damage();
        Assert.Contains($"contains different BTF, {Digest.Of(other)}", await LostAsync(), StringComparison.Ordinal);
        Assert.DoesNotContain(Digest.Of(other), _archive.Stored("btf"));
        Assert.Equal(["vmlinux"], _archive.Index.Find(Id)!.Damaged);
    }

    [Fact]
    public async Task What_is_not_there_either_is_not_asked_for_again_for_a_minute()
    {
        Damage();
        Assert.Contains("the upstream archive does not have debian/12/x86_64/6.1.0-1-amd64.btf.tar.xz", await LostAsync(),
            StringComparison.Ordinal);
        var asked = _mirror.Asked.Count;
        await LostAsync();
        Assert.Equal(asked, _mirror.Asked.Count);
        _mirror.File(Id, Btf);
        _archive.Clock.Advance(TimeSpan.FromMinutes(1));
        Assert.Equal("long", await UseAsync());
    }

    [Fact]
    public async Task A_clock_that_was_set_back_by_years_holds_up_no_fetching()
    {
        Damage();
        await LostAsync();
        _mirror.File(Id, Btf);
        _archive.Clock.Advance(-TimeSpan.FromDays(3650));
        Assert.Equal("long", await UseAsync());
    }

    [Theory]
    [InlineData("refuses", "cannot be reached")]
    [InlineData("fails", "it responds with 500")]
    [InlineData("breaks off", "requesting debian")] // behind half of it, or before the first byte is through
    [InlineData("is slow", "did not respond within 0.3 s")]
    [InlineData("sends nonsense", "is not used")]
    public async Task An_upstream_in_trouble_is_told_and_the_kernel_waits(string trouble, string told)
    {
        if (trouble == "is slow") await ReopenAsync(("Archive:Upstream:Timeout", "00:00:00.300"));
        _mirror.On(Id, async http =>
        {
            var file = BtfTarball.Write("6.1.0-1-amd64", Btf, TestContext.Current.CancellationToken);
            if (trouble == "fails") http.Response.StatusCode = StatusCodes.Status500InternalServerError;
            if (trouble == "sends nonsense") await http.Response.Body.WriteAsync(file.AsMemory(0, file.Length / 2), http.RequestAborted);
            if (trouble == "is slow") await Task.Delay(Timeout.Infinite, http.RequestAborted);
            if (trouble != "breaks off") return;
            http.Response.ContentLength = file.Length;
            await http.Response.Body.WriteAsync(file.AsMemory(0, file.Length / 2), http.RequestAborted);
            await http.Response.Body.FlushAsync(http.RequestAborted);
            http.Abort();
        });
        if (trouble == "refuses") await _mirror.DisposeAsync();
        Damage();
        var said = await LostAsync();
        Assert.True(said.Contains(told, StringComparison.Ordinal), said);
        Assert.Equal(["vmlinux"], _archive.Index.Find(Id)!.Damaged);
        if (trouble == "refuses") return;
        _mirror.File(Id, Btf); // and is itself again
        await ReopenAsync();
        Assert.Equal("long", await UseAsync());
    }

    [Fact]
    public async Task Who_deletes_a_kernel_that_waits_for_its_BTF_deletes_it()
    {
        Damage();
        await LostAsync();
        Assert.True(await _archive.Store.DeleteAsync(Id, Stop));
        Assert.Equal(0, _archive.Index.Count);
    }

    // Another process, which has not seen the failure.
    private async Task ReopenAsync(params (string Key, string Value)[] settings)
    {
        var root = _archive.Get<ArchiveFolders>().Root;
        var other = TestArchive.Prepare([("Archive:Upstream:BaseUrl", _mirror.Url), .. settings]);
        await other.Restart(root);
        _others.Add(_archive);
        _archive = other;
    }

    private readonly List<TestArchive> _others = [];

    private void Damage() => File.WriteAllText(_archive.BtfPath(Digest.Of(Btf)), "something else");

    private async Task<string> LostAsync() => (await Assert.ThrowsAsync<BlobLostException>(UseAsync)).Message;

    private Task<string> UseAsync()
        => _archive.Get<KernelOpener>()
        .UseAsync(_archive.Index.Find(Id)!, keep: true, opened => opened.Types.NameText(opened.Types[2].NameOffset), Stop);

    public async ValueTask DisposeAsync()
    {
        await _archive.DisposeAsync();
        foreach (var other in _others) await other.DisposeAsync();
        await _mirror.DisposeAsync();
    }
}
