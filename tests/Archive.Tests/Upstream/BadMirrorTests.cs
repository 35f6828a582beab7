using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using Microsoft.AspNetCore.Http;
using Relo.Archive.Export;
using Relo.Archive.Kernels;
using Relo.Archive.Tests.Fixtures;

namespace Relo.Archive.Tests.Upstream;

/// <summary>A mirror that hangs, lies, truncates, floods or redirects does no harm: the steps report it, and nothing is stored.</summary>
public sealed class BadMirrorTests : IAsyncDisposable
{
    private const string Release = "5.4.0-91-generic", Id = "ubuntu/20.04/x86_64/" + Release;
    private static readonly byte[] Btf = TinyBtf.Of("int", "long");
    private Mirror _mirror = null!;
    private TestArchive _archive = null!;

    [Fact]
    public async Task Html_in_place_of_the_file_is_refused()
    {
        await StartAsync();
        _mirror.Send(Id, "<html>not found, but 200</html>"u8.ToArray());
        await UnfitAsync("begins with 3c68746d6c3e6e6f, expected xz");
    }

    [Fact]
    public async Task An_empty_file_is_refused()
    {
        await StartAsync();
        _mirror.Send(Id, []);
        await UnfitAsync("expected xz");
    }

    [Fact]
    public async Task Another_kernels_file_under_the_name_is_refused()
    {
        await StartAsync();
        _mirror.File(Id, Btf, nameInside: "5.4.0-90-generic");
        await UnfitAsync("the tar contains 5.4.0-90-generic.btf, expected 5.4.0-91-generic.btf");
    }

    [Fact]
    public async Task What_is_no_BTF_inside_is_refused()
    {
        await StartAsync();
        _mirror.File(Id, "MZ this is no BTF"u8.ToArray());
        await UnfitAsync("expected the magic of BTF");
    }

    [Fact]
    public async Task Broken_BTF_inside_is_refused()
    {
        await StartAsync();
        _mirror.File(Id, Btf[..^3]);
        await RefusedAsync("is not used: .BTF");
    }

    [Fact]
    public async Task A_file_cut_off_on_its_way_is_tried_again_and_then_refused()
    {
        await StartAsync();
        var file = BtfTarball.Write(Release, Btf, TestContext.Current.CancellationToken);
        _mirror.On(Id, async http =>
        {
            http.Response.ContentLength = file.Length;
            await http.Response.Body.WriteAsync(file.AsMemory(0, file.Length / 2));
            await http.Response.Body.FlushAsync();
            await Task.Delay(100); // an immediate reset would overtake the bytes
            http.Abort();
        });
        await UnavailableAsync("ended early");
        Assert.Equal(3, _mirror.Asked.Count);
    }

    [Fact]
    public async Task A_connection_that_is_reset_is_tried_again_and_then_given_up()
    {
        await StartAsync();
        _mirror.On(Id, http =>
        {
            http.Abort();
            return Task.CompletedTask;
        });
        await UnavailableAsync("the request failed: ");
        Assert.Equal(3, _mirror.Asked.Count);
    }

    [Fact]
    public async Task A_file_that_is_cut_off_where_it_lies_is_refused()
    {
        await StartAsync();
        _mirror.Send(Id, BtfTarball.Write(Release, Btf, TestContext.Current.CancellationToken)[..^20]);
        await UnfitAsync("truncated or damaged");
    }

    [Fact]
    public async Task Endless_bytes_end_at_the_cap()
    {
        await StartAsync(("Archive:Upstream:FileBytes", "1000000"));
        var hungUp = new TaskCompletionSource();
        _mirror.On(Id, async http =>
        {
            using var end = http.RequestAborted.Register(hungUp.SetResult);
            var piece = new byte[64 << 10];
            while (!http.RequestAborted.IsCancellationRequested) await http.Response.Body.WriteAsync(piece);
        });
        await UnfitAsync("sends more than 1000000 bytes");
        await hungUp.Task.WaitAsync(TimeSpan.FromSeconds(5), TestContext.Current.CancellationToken);
    }

    [Fact]
    public async Task A_size_beyond_the_cap_is_refused_before_a_byte_is_read()
    {
        await StartAsync();
        _mirror.On(Id, async http =>
        {
            http.Response.ContentLength = 10L << 30;
            await http.Response.Body.WriteAsync(new byte[1]);
            await http.Response.Body.FlushAsync();
            await Task.Delay(Timeout.Infinite, http.RequestAborted);
        });
        await UnfitAsync("announces 10737418240 bytes");
    }

    [Fact]
    public async Task A_bomb_is_refused_within_the_cap()
    {
        await StartAsync();
        _mirror.Send(Id, FixtureFiles.Read("bomb.xz"));
        await UnfitAsync("decompresses to more than");
    }

    [Theory]
    [InlineData(301)]
    [InlineData(302)]
    [InlineData(307)]
    public async Task A_redirect_is_not_followed(int status)
    {
        await StartAsync();
        await using var elsewhere = await Mirror.StartAsync();
        elsewhere.File(Id, Btf);
        _mirror.On(Id, http =>
        {
            http.Response.StatusCode = status;
            http.Response.Headers.Location = $"{elsewhere.Url}{Id}.btf.tar.xz";
            return Task.CompletedTask;
        });
        await UnavailableAsync($"redirects ({status})");
        Assert.Empty(elsewhere.Asked);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_mirror_that_hangs_is_given_up(bool behindTheHeaders)
    {
        await StartAsync(("Archive:Upstream:Timeout", "00:00:00.5"));
        _mirror.On(Id, async http =>
        {
            if (behindTheHeaders) await http.Response.Body.WriteAsync(new byte[100]);
            if (behindTheHeaders) await http.Response.Body.FlushAsync();
            await Task.Delay(Timeout.Infinite, http.RequestAborted);
        });
        await UnavailableAsync("did not respond within 0.5 s");
    }

    [Fact]
    public async Task A_mirror_that_drips_is_given_up()
    {
        await StartAsync(("Archive:Upstream:Timeout", "00:00:00.5"));
        _mirror.On(Id, async http =>
        {
            while (!http.RequestAborted.IsCancellationRequested)
            {
                await http.Response.Body.WriteAsync(new byte[1], http.RequestAborted);
                await http.Response.Body.FlushAsync();
                await Task.Delay(50, http.RequestAborted);
            }
        });
        await UnavailableAsync("did not respond within 0.5 s");
    }

    [Fact]
    public async Task A_passing_fault_is_tried_again()
    {
        await StartAsync();
        _mirror.On(Id, http =>
        {
            if (_mirror.Asked.Count < 3) http.Response.StatusCode = StatusCodes.Status503ServiceUnavailable;
            http.Response.Headers.RetryAfter = "3600"; // not for the mirror to decide
            return _mirror.Asked.Count < 3
                ? Task.CompletedTask
                : http.Response.Body.WriteAsync(BtfTarball.Write(Release, Btf, TestContext.Current.CancellationToken)).AsTask();
        });
        Assert.IsType<KernelFound>(await FindAsync(Id));
    }

    [Fact]
    public async Task A_mirror_in_trouble_is_left_alone_for_a_while()
    {
        await StartAsync();
        for (var i = 0; i < 3; i++)
        {
            _mirror.On($"{Id}.{i}", http =>
            {
                http.Response.StatusCode = StatusCodes.Status500InternalServerError;
                return Task.CompletedTask;
            });
        }

        await UnavailableAsync("responds with 500", $"{Id}.0");
        await UnavailableAsync("responds with 500", $"{Id}.1");
        var asked = _mirror.Asked.Count;
        await UnavailableAsync("requests are paused", $"{Id}.2");
        Assert.Equal(asked, _mirror.Asked.Count);
    }

    [Fact]
    public async Task A_mirror_that_is_not_there_costs_next_to_nothing()
    {
        await StartAsync();
        await _mirror.DisposeAsync();
        var took = Stopwatch.StartNew();
        await UnavailableAsync("cannot be reached");
        Assert.True(took.Elapsed < TimeSpan.FromSeconds(5), $"it took {took.Elapsed}"); // a refused connection is not retried
    }

    [Fact]
    public async Task A_host_that_takes_no_connections_is_given_up_after_the_connect_timeout()
    {
        // A full backlog: the kernel drops further SYNs, as a firewall does that drops packets.
        using var deaf = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        deaf.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        deaf.Listen(0);
        var filling = Enumerable.Range(0, 8)
            .Select(_ => new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { Blocking = false }).ToList();
        foreach (var socket in filling)
        {
            try
            {
                socket.Connect(deaf.LocalEndPoint!);
            }
            catch (SocketException e) when (e.SocketErrorCode is SocketError.WouldBlock or SocketError.InProgress)
            {
                // That is the point.
            }
        }

        await StartAsync(("Archive:Upstream:BaseUrl", $"http://{deaf.LocalEndPoint}/"), ("Archive:Upstream:ConnectTimeout", "00:00:00.3"));
        await UnavailableAsync("cannot be reached");
        filling.ForEach(socket => socket.Dispose());
    }

    private async Task StartAsync(params (string Key, string Value)[] settings)
    {
        _mirror = await Mirror.StartAsync();
        _archive = await TestArchive.StartAsync([("Archive:Upstream:BaseUrl", _mirror.Url), .. settings]);
    }

    private Task<KernelResolution> FindAsync(string kernel) =>
        _archive.Finder.FindAsync(new(kernel), TestContext.Current.CancellationToken);

    // Its BTF is invalid: the kernel is not found, the steps give the reason, nothing is stored, and the result is remembered as long as a
    // miss.
    private async Task RefusedAsync(string reason)
    {
        Kept<KernelNotFound>(await FindAsync(Id), reason);
        var asked = _mirror.Asked.Count;
        Assert.IsType<KernelNotFound>(await FindAsync(Id));
        Assert.Equal(asked, _mirror.Asked.Count);
    }

    // The response is not the file, so it is unknown whether the mirror has one. It is not downloaded again immediately.
    private async Task UnfitAsync(string reason)
    {
        await UnavailableAsync(reason);
        var asked = _mirror.Asked.Count;
        Assert.IsType<KernelUnavailable>(await FindAsync(Id));
        Assert.Equal(asked, _mirror.Asked.Count);
        _mirror.File(Id, Btf);
        _archive.Clock.Advance(TimeSpan.FromMinutes(1));
        Assert.IsType<KernelFound>(await FindAsync(Id));
    }

    private async Task UnavailableAsync(string reason, string id = Id)
    {
        var resolution = await FindAsync(id);
        Kept<KernelUnavailable>(resolution, reason);
        Assert.True(((KernelUnavailable)resolution).RetryAfter > TimeSpan.Zero);
    }

    private void Kept<T>(KernelResolution resolution, string reason)
        where T : KernelResolution
    {
        Assert.IsType<T>(resolution);
        Assert.True(
            resolution.Explanation.Any(step => step.Contains(reason, StringComparison.Ordinal)), string.Join('\n', resolution.Explanation));
        Assert.Equal(0, _archive.Index.Count);
        Assert.Empty(_archive.Stored("btf"));
    }

    public async ValueTask DisposeAsync()
    {
        await _archive.DisposeAsync();
        await _mirror.DisposeAsync();
    }
}
