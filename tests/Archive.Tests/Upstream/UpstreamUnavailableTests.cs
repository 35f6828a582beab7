using Relo.Archive.Kernels;
using Relo.Archive.Tests.Fixtures;

namespace Relo.Archive.Tests.Upstream;

/// <summary>A kernel is not found only if the upstream responds that it does not have it.</summary>
public sealed class UpstreamUnavailableTests : IAsyncDisposable
{
    private const string Id = "ubuntu/20.04/x86_64/5.4.0-91-generic";
    private static readonly byte[] Btf = TinyBtf.Of("int", "long");
    private Mirror _mirror = null!;
    private TestArchive _archive = null!;

    [Theory]
    [InlineData(404)]
    [InlineData(410)]
    public async Task A_mirror_that_says_no_is_believed_for_a_while(int status)
    {
        await StartAsync();
        Answer(Id, status);
        Assert.IsType<KernelNotFound>(await FindAsync(Id));
        _mirror.File(Id, Btf);
        Assert.IsType<KernelNotFound>(await FindAsync(Id));
    }

    [Theory]
    [InlineData(401)]
    [InlineData(403)]
    [InlineData(400)]
    [InlineData(429)]
    [InlineData(500)]
    [InlineData(502)]
    [InlineData(503)]
    public async Task A_mirror_that_says_anything_else_is_asked_again(int status)
    {
        await StartAsync();
        Answer(Id, status);
        Assert.IsType<KernelUnavailable>(await FindAsync(Id));
        _mirror.File(Id, Btf);
        Assert.IsType<KernelFound>(await FindAsync(Id));
    }

    [Theory]
    [InlineData("http://no-such-host.invalid/")]
    [InlineData("https")]
    public async Task A_mirror_without_address_or_certificate_could_not_be_asked(string url)
    {
        _mirror = await Mirror.StartAsync();
        _archive = await TestArchive.StartAsync(
            ("Archive:Upstream:BaseUrl", url == "https" ? _mirror.Url.Replace("http:", "https:", StringComparison.Ordinal) : url));
        var unavailable = Assert.IsType<KernelUnavailable>(await FindAsync(Id));
        Assert.Contains("cannot be reached", unavailable.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Waiting_in_our_own_queue_is_no_failure_of_the_mirror()
    {
        await StartAsync(("Archive:Upstream:Timeout", "00:00:01"));
        var names = Enumerable.Range(0, 60).Select(i => $"{Id}-made-up-{i}").ToList();
        foreach (var name in names) Answer(name, 404, delayMilliseconds: 150); // four at a time: more than two seconds in all
        var found = await Task.WhenAll(names.Select(FindAsync));
        Assert.All(found, resolution => Assert.IsType<KernelNotFound>(resolution));
    }

    [Fact]
    public async Task Made_up_names_do_not_turn_the_mirror_off_for_others()
    {
        await StartAsync();
        var names = Enumerable.Range(0, 600).Select(i => $"{Id}-made-up-{i}").ToList();
        foreach (var name in names) Answer(name, 404, delayMilliseconds: 20);
        var found = await Task.WhenAll(names.Select(FindAsync));
        Assert.Contains(found, resolution => resolution is KernelNotFound);
        Assert.All(found.Where(resolution => resolution is not KernelNotFound), resolution =>
            Assert.Contains(
                "too many kernels are being requested", Assert.IsType<KernelUnavailable>(resolution).Reason, StringComparison.Ordinal));
        _mirror.File(Id, Btf);
        Assert.IsType<KernelFound>(await FindAsync(Id));
    }

    public async ValueTask DisposeAsync()
    {
        await _archive.DisposeAsync();
        await _mirror.DisposeAsync();
    }

    private async Task StartAsync(params (string Key, string Value)[] settings)
    {
        _mirror = await Mirror.StartAsync();
        _archive = await TestArchive.StartAsync([("Archive:Upstream:BaseUrl", _mirror.Url), .. settings]);
    }

    private void Answer(string id, int status, int delayMilliseconds = 0) => _mirror.On(id, async http =>
    {
        await Task.Delay(delayMilliseconds);
        http.Response.StatusCode = status;
    });

    private Task<KernelResolution> FindAsync(string kernel) =>
        _archive.Finder.FindAsync(new(kernel), TestContext.Current.CancellationToken);
}
