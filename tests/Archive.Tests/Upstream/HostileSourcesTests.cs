using System.Globalization;
using System.Text;
using Relo.Archive.Kernels;
using Relo.Archive.Sync;
using Relo.Archive.Tests.Fixtures;
using Relo.Archive.Upstream;
using Relo.Core.Bytes;

namespace Relo.Archive.Tests.Upstream;

/// <summary>
/// Every type of source that lies, floods or leads elsewhere is refused with a reason. Those of apt and of BTFHub's layout are tested
/// beside their sources.
/// </summary>
public sealed class HostileSourcesTests : IAsyncLifetime
{
    private const string Release = "5.14.0-503.el9.x86_64", BuildId = "b8a1f0c9d2e34756a0b1c2d3e4f5061728394a5b";
    private const string Repomd = "/repodata/repomd.xml", Primary = "/repodata/primary.xml.gz", Rpm = "/Packages/kernel.rpm";
    private const string Section = $"/buildid/{BuildId}/section/", Crawled = "/list.json", Btf = "/v1/btf/";
    private const string PacmanDatabase = "/core.db";
    private const int FileBytes = 100_000;

    private static readonly byte[] Package = new byte[200_000];
    private FileServer _server = null!;
    private TestArchive? _archive;

    public async ValueTask InitializeAsync() => _server = await FileServer.StartAsync();

    [Theory]
    [InlineData("dnf", Repomd, 16 << 20)]
    [InlineData("relo", "/v1/kernels", FileBytes)]
    [InlineData("debuginfod", Section + ".BTF", FileBytes)]
    [InlineData("crawler", Crawled, FileBytes)]
    public async Task An_endless_answer_ends_at_its_limit(string type, string path, int limit)
    {
        _server.Flood(path);
        Assert.Contains(string.Create(CultureInfo.InvariantCulture, $"it sends more than {limit} bytes"), await RefusedAsync(type),
            StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_endless_index_of_rpms_ends_at_the_size_that_repomd_names()
    {
        PublishRpm(primaryBytes: 5000);
        _server.Flood(Primary);
        Assert.Contains("it sends more than 5000 bytes", await RefusedAsync("dnf"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_endless_rpm_ends_at_the_size_in_the_index()
    {
        PublishRpm();
        _server.Flood(Rpm);
        Assert.Contains("it sends more than 200000 bytes", await RefusedAsync("dnf"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_index_of_rpms_larger_than_the_limit_is_not_downloaded()
    {
        PublishRpm(primaryBytes: 600_000_000);
        Assert.Contains("it has 600000000 bytes, at most 536870912 are accepted", await RefusedAsync("dnf"), StringComparison.Ordinal);
        Assert.DoesNotContain(Primary, _server.Asked);
    }

    [Fact]
    public async Task Endless_BTF_of_another_Relo_ends_at_its_limit()
    {
        var digest = Digest.Of([1]);
        _server.Send("/v1/kernels", Encoding.UTF8.GetBytes($$"""
            {"items":[{"distro":"rhel","version":"9","arch":"x86_64","release":"{{Release}}","btf":"{{digest}}",
              "addedAt":"2026-11-01T00:00:00Z"}]}
            """));
        _server.Flood(Btf + digest.Hex);
        Assert.Contains($"it sends more than {FileBytes} bytes", await RefusedAsync("relo"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_list_of_another_Relo_that_leads_to_itself_does_not_run_for_ever()
    {
        _server.Send("/v1/kernels", """{"items":[],"next":"again"}"""u8.ToArray());
        await StartAsync("relo");
        var source = Assert.Single(_archive!.Get<KernelSync>().Named("x"));
        var refused = await Assert.ThrowsAsync<SourceException>(() => source.ListAsync(TestContext.Current.CancellationToken));
        Assert.Equal("its list does not end", refused.Message);
    }

    [Fact]
    public async Task A_list_of_another_Relo_without_end_is_given_up_even_if_its_pages_are_empty()
    {
        var pages = 0;
        _server.On("/v1/kernels", http =>
        {
            var next = ++pages < 3000 ? $"\"{pages}\"" : "null";
            return http.Response.Body.WriteAsync(Encoding.UTF8.GetBytes($$"""{"items":[],"next":{{next}}}""")).AsTask();
        });
        await StartAsync("relo");
        var source = Assert.Single(_archive!.Get<KernelSync>().Named("x"));
        var refused = await Assert.ThrowsAsync<SourceException>(() => source.ListAsync(TestContext.Current.CancellationToken));
        Assert.Equal(("its list does not end", 1000), (refused.Message, pages));
    }

    [Theory]
    [InlineData("dnf", Repomd, "is private, which is not followed")]
    [InlineData("pacman", PacmanDatabase, "is private, which is not followed")]
    [InlineData("relo", "/v1/kernels", "it redirects (302), which is not followed")]
    [InlineData("debuginfod", Section + ".BTF", "is private, which is not followed")]
    [InlineData("crawler", Crawled, "is private, which is not followed")]
    public async Task A_redirect_to_a_private_address_is_not_followed(string type, string path, string reason)
    {
        await using var inside = await FileServer.StartAsync();
        inside.Send("/secret", "secret"u8.ToArray());
        _server.Redirect(path, $"http://127.0.0.1:{inside.Port}/secret");
        Assert.Contains(reason, await RefusedAsync(type), StringComparison.Ordinal);
        Assert.Empty(inside.Asked);
    }

    [Fact]
    public async Task A_banner_of_debuginfod_that_is_a_path_is_refused()
    {
        _server.Send(Section + ".BTF", TinyBtf.Of("int"));
        _server.Send(Section + ".rodata", "Linux version ../../../etc (debian-kernel@lists.debian.org) (gcc) #1 SMP\n"u8.ToArray());
        await RefusedAsync("debuginfod");
    }

    [Fact]
    public async Task Damaged_BTF_of_debuginfod_is_refused()
    {
        _server.Send(Section + ".BTF", TinyBtf.Of("int", "long")[..^4]);
        _server.Send(Section + ".rodata", Encoding.ASCII.GetBytes(TinyImage.Banner));
        Assert.Contains("is not used: ", await RefusedAsync("debuginfod"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Names_of_a_crawler_that_are_paths_are_left_out()
    {
        _server.Send(Crawled, """
            { "../..": [ { "kernelrelease": "6.1.0-1-amd64" } ],
              "Debian": [ { "kernelrelease": "../../x" }, { "kernelrelease": "6.1.0-2" } ] }
            """u8.ToArray());
        await StartAsync("crawler");
        var list = await Assert.Single(_archive!.Get<KernelSync>().Named("x")).ListAsync(TestContext.Current.CancellationToken);
        Assert.Equal("6.1.0-2", Assert.Single(list.Kernels).Release);
    }

    [Theory]
    [InlineData(GpgHome.Owner, true)]
    [InlineData(GpgHome.Stranger, false)]
    [InlineData(null, false)]
    public async Task With_a_keyring_repomd_needs_the_signature_of_its_owner(string? signer, bool isBelieved)
    {
        Assert.SkipUnless(GpgHome.IsInstalled, "gpg is not installed");
        using var gpg = new GpgHome();
        var repomd = PublishRpm();
        if (signer is not null) _server.Send(Repomd + ".asc", Encoding.ASCII.GetBytes(gpg.Signature(signer, repomd)));
        var refused = await RefusedAsync("dnf", ("Keyring", gpg.Keyring));
        var expected = isBelieved ? "kernel.rpm"
            : signer is null ? "it has no signature (repomd.xml.asc)" : "its signature is not valid by a key of";
        Assert.Contains(expected, refused, StringComparison.Ordinal); // the package itself is no kernel
        Assert.Equal(isBelieved, _server.Asked.Contains(Primary));
    }

    private string PublishRpm(int? primaryBytes = null)
    {
        var primary = Pack.Gzip(Encoding.UTF8.GetBytes($"""
            <metadata><package type="rpm"><name>kernel-core</name><arch>x86_64</arch><version epoch="0" ver="5.14.0" rel="503.el9"/>
            <checksum type="sha256">{Digest.Of(Package).Hex}</checksum><size package="{Package.Length}"/><location href="{Rpm[1..]}"/>
            </package></metadata>
            """));
        var repomd = $"""
            <repomd><data type="primary"><checksum type="sha256">{Digest.Of(primary).Hex}</checksum><location href="{Primary[1..]}"/>
            <size>{primaryBytes ?? primary.Length}</size></data></repomd>
            """;
        _server.Send(Repomd, Encoding.UTF8.GetBytes(repomd));
        _server.Send(Primary, primary);
        _server.Send(Rpm, Package);
        return repomd;
    }

    // Why the source is refused; nothing is stored.
    private async Task<string> RefusedAsync(string type, params (string Key, string Value)[] settings)
    {
        await StartAsync(type, settings);
        var stop = TestContext.Current.CancellationToken;
        if (type == "crawler")
        {
            var source = Assert.Single(_archive!.Get<KernelSync>().Named("x"));
            return (await Assert.ThrowsAsync<SourceException>(() => source.ListAsync(stop))).Message;
        }

        var wanted = type == "debuginfod" ? "buildid:" + BuildId : Release;
        var found = await _archive!.Finder.FindAsync(new(wanted), stop);
        Assert.Equal(0, _archive.Index.Count);
        return found is KernelUnavailable unavailable ? unavailable.Reason
            : string.Join('\n', Assert.IsType<KernelNotFound>(found).Explanation);
    }

    private async Task StartAsync(string type, params (string Key, string Value)[] settings)
    {
        (string Key, string Value)[] own = type switch
        {
            "dnf" => [("Distro", "rhel"), ("Architectures", "x86_64")],
            "pacman" => [("Distro", "rhel"), ("Architectures", "x86_64"), ("Suites", "core")],
            "crawler" => [("Architectures", "x86_64")],
            _ => [],
        };
        (string Key, string Value)[] all =
            [("Type", type), ("Name", "x"), ("Url", _server.Url + (type == "crawler" ? Crawled : "")), .. own, .. settings];
        _archive = await TestArchive.StartAsync(
        [
            ("Archive:Upstream:FileBytes", FileBytes.ToString(CultureInfo.InvariantCulture)),
            .. all.Select(s => ("Archive:Upstream:Sources:0:" + s.Key, s.Value)),
        ]);
    }

    public async ValueTask DisposeAsync()
    {
        if (_archive is not null) await _archive.DisposeAsync();
        await _server.DisposeAsync();
    }
}
