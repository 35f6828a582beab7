using System.Text;
using Relo.Archive.Kernels;
using Relo.Archive.Tests.Fixtures;

namespace Relo.Archive.Tests.Upstream.Apt;

/// <summary>A repository that lies, floods, or leads elsewhere is refused with a reason, and nothing is stored.</summary>
public sealed class HostileRepositoryTests : IAsyncLifetime
{
    private const string Release = "6.1.0-38-amd64", Package = "linux-image-" + Release;
    private const string File = "/debian/pool/main/l/linux/" + Package + "_6.1.147-1_amd64.deb";
    private static readonly byte[] Btf = TinyBtf.Of("int", "long");
    private FileServer _server = null!;
    private AptRepository _repository = null!;
    private TestArchive _archive = null!;

    public async ValueTask InitializeAsync()
    {
        _server = await FileServer.StartAsync();
        _repository = new(_server);
    }

    [Fact]
    public async Task A_package_with_another_digest_is_not_read()
    {
        _repository.PackageDigest = new string('0', 64);
        _repository.Add(Package, AptRepository.Package(Release, Btf));
        _repository.Publish();
        await RefusedAsync("the index says sha256:0000");
    }

    [Fact]
    public async Task An_index_with_another_digest_is_not_read()
    {
        _repository.Add(Package, AptRepository.Package(Release, Btf));
        var named = Pack.Xz("Package: other\n"u8.ToArray());
        _repository.Publish([.. named[..^1], 1], named);
        await RefusedAsync("its Release says sha256:");
    }

    [Fact]
    public async Task An_index_ends_at_the_size_in_Release()
    {
        _repository.Publish(new byte[1000], new byte[10]);
        await RefusedAsync("it announces 1000 bytes, at most 10 are accepted");
    }

    [Fact]
    public async Task A_package_ends_at_the_size_in_the_index()
    {
        _repository.Add(Package, AptRepository.Package(Release, Btf));
        _repository.Publish();
        _server.Flood(File);
        await RefusedAsync("it sends more than ");
    }

    [Fact]
    public async Task A_package_larger_than_the_limit_is_not_downloaded()
    {
        _repository.Add(Package, AptRepository.Package(Release, Btf), sizeBytes: 3_000_000_000);
        _repository.Publish();
        await RefusedAsync("it has 3000000000 bytes, at most 2146435072 are accepted");
        Assert.DoesNotContain(File, _server.Asked);
    }

    [Fact]
    public async Task An_endless_Release_ends_at_its_limit()
    {
        _server.Flood("/debian/dists/bookworm/InRelease");
        await RefusedAsync("it sends more than 33554432 bytes");
    }

    [Theory]
    [InlineData("xz")]
    [InlineData("gzip")]
    public async Task An_index_that_unpacks_without_end_is_refused(string packing)
    {
        _repository.Packing = packing;
        var lines = new byte[64 << 20];
        lines.AsSpan().Fill((byte)'\n');
        _repository.Publish(Pack.As(packing, lines));
        await RefusedAsync("decompresses to more than", ("Archive:Upstream:IndexBytes", "16000000"));
    }

    [Fact]
    public async Task An_index_of_one_endless_line_is_refused()
    {
        _repository.Packing = "none";
        _repository.Publish(Encoding.ASCII.GetBytes("Package: " + new string('a', 2 << 20)));
        await RefusedAsync("it has a line of more than 1048576 characters");
    }

    [Theory]
    [InlineData("../../secret.deb")]
    [InlineData("pool/../../../secret.deb")]
    [InlineData("/etc/passwd")]
    [InlineData("pool//x.deb")]
    public async Task A_path_that_leads_out_of_the_repository_is_refused(string path)
    {
        _repository.Add(Package, AptRepository.Package(Release, Btf), path);
        _repository.Publish();
        var asked = await RefusedAsync("leads out of the repository");
        Assert.DoesNotContain(asked, a => a.EndsWith(".deb", StringComparison.Ordinal) || a.Contains("passwd", StringComparison.Ordinal));
    }

    [Fact]
    public async Task An_address_as_a_path_stays_a_path()
    {
        await using var elsewhere = await FileServer.StartAsync();
        _repository.Add(Package, AptRepository.Package(Release, Btf), $"http:%2f%2f127.0.0.1:{elsewhere.Port}%2fx.deb");
        _repository.Publish();
        await StartAsync();
        await _archive.Finder.FindAsync(new(Release), TestContext.Current.CancellationToken);
        Assert.Empty(elsewhere.Asked);
        Assert.Contains($"/debian/http:%2f%2f127.0.0.1:{elsewhere.Port}%2fx.deb", _server.Asked);
    }

    [Fact]
    public async Task Another_kernel_in_the_package_is_refused()
    {
        _repository.Add(Package, AptRepository.Package("6.1.0-37-amd64", Btf));
        _repository.Publish();
        await RefusedAsync("it contains the kernel 6.1.0-37-amd64, its name says 6.1.0-38-amd64");
    }

    [Theory]
    [InlineData("127.0.0.1")]
    [InlineData("localhost")]
    [InlineData("[::ffff:127.0.0.1]")]
    public async Task A_redirect_to_a_private_address_is_refused(string host)
    {
        await using var inside = await FileServer.StartAsync();
        inside.Send("/secret", AptRepository.Package(Release, Btf));
        _repository.Add(Package, AptRepository.Package(Release, Btf));
        _repository.Publish();
        _server.Redirect(File, $"http://{host}:{inside.Port}/secret");
        await RefusedAsync("is private, which is not followed");
        Assert.Empty(inside.Asked);
    }

    [Fact]
    public async Task A_redirect_is_followed_to_the_source_itself_and_to_private_addresses_if_the_source_is_configured_so()
    {
        await using var inside = await FileServer.StartAsync();
        inside.Send("/pool", AptRepository.Package(Release, Btf));
        _repository.Add(Package, AptRepository.Package(Release, Btf));
        _repository.Publish();
        _server.Redirect(File, "/elsewhere");
        _server.Redirect("/elsewhere", $"{inside.Url}/pool");
        await StartAsync(("PrivateRedirects", "true"));
        Assert.IsType<KernelFound>(await _archive.Finder.FindAsync(new(Release), TestContext.Current.CancellationToken));
    }

    [Theory]
    [InlineData("file:///etc/passwd", "expected http or https")]
    [InlineData("/debian/dists/bookworm/InRelease", "redirects more than 5 times")]
    public async Task A_redirect_to_a_file_or_in_a_circle_is_refused(string to, string reason)
    {
        _server.Redirect("/debian/dists/bookworm/InRelease", to);
        await RefusedAsync(reason);
    }

    [Theory]
    [InlineData("<html>", "it does not contain -----BEGIN PGP SIGNED MESSAGE-----")]
    [InlineData("-----BEGIN PGP SIGNED MESSAGE-----\n\nSuite: x\n", "it does not contain -----BEGIN PGP SIGNATURE-----")]
    [InlineData("-----BEGIN PGP SIGNED MESSAGE-----\n\nSuite: x\n-----BEGIN PGP SIGNATURE-----\n", "it has no section SHA256")]
    [InlineData("-----BEGIN PGP SIGNED MESSAGE-----\n\nSHA256:\n xx 1 y\n-----BEGIN PGP SIGNATURE-----\n", "is not the digest, size and name of a file")]
    public async Task What_is_no_Release_is_refused(string text, string reason)
    {
        _server.Send("/debian/dists/bookworm/InRelease", Encoding.ASCII.GetBytes(text));
        await RefusedAsync(reason);
    }

    private async Task<string[]> RefusedAsync(string reason, params (string Key, string Value)[] settings)
    {
        await StartAsync(settings);
        var unavailable = Assert.IsType<KernelUnavailable>(
            await _archive.Finder.FindAsync(new(Release), TestContext.Current.CancellationToken));
        Assert.Contains(reason, unavailable.Reason, StringComparison.Ordinal);
        Assert.Equal(0, _archive.Index.Count);
        return [.. _server.Asked];
    }

    private async Task StartAsync(params (string Key, string Value)[] settings) =>
        _archive = await TestArchive.StartAsync(_repository.Settings(settings));

    public async ValueTask DisposeAsync()
    {
        await _archive.DisposeAsync();
        await _server.DisposeAsync();
    }
}
