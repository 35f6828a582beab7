using Relo.Archive.Kernels;
using Relo.Archive.Tests.Fixtures;

namespace Relo.Archive.Tests.Upstream.Apt;

/// <summary>With a keyring, a repository is used only if a key of it has signed its Release. The signatures are gpg's.</summary>
public sealed class SignedRepositoryTests : IAsyncLifetime
{
    private const string Release = "6.1.0-38-amd64";
    private static readonly byte[] Btf = TinyBtf.Of("int", "long");
    private GpgHome _gpg = null!;
    private FileServer _server = null!;
    private AptRepository _repository = null!;
    private TestArchive? _archive;

    public async ValueTask InitializeAsync()
    {
        Assert.SkipUnless(GpgHome.IsInstalled, "gpg is not installed");
        _gpg = new();
        _server = await FileServer.StartAsync();
        _repository = new(_server);
        _repository.Add("linux-image-" + Release, AptRepository.Package(Release, Btf));
    }

    [Fact]
    public async Task A_key_of_the_keyring_is_believed()
    {
        _repository.Sign = release => _gpg.Signed(GpgHome.Owner, release);
        Assert.IsType<KernelFound>(await FindAsync());
    }

    [Fact]
    public async Task So_is_a_signature_in_a_file_of_its_own()
    {
        _repository.Publish();
        var release = _server;
        release.On("/debian/dists/bookworm/InRelease", http =>
        {
            http.Response.StatusCode = 404;
            return Task.CompletedTask;
        });
        var index = Pack.Xz([]);
        var text = $"Version: 12\nSHA256:\n {Relo.Core.Bytes.Digest.Of(index).Hex} {index.Length} main/binary-amd64/Packages.xz\n";
        _server.Send("/debian/dists/bookworm/main/binary-amd64/Packages.xz", index);
        _server.Send("/debian/dists/bookworm/Release", System.Text.Encoding.ASCII.GetBytes(text));
        _server.Send("/debian/dists/bookworm/Release.gpg",
            System.Text.Encoding.ASCII.GetBytes(_gpg.Signature(GpgHome.Owner, text)));
        Assert.IsType<KernelNotFound>(await FindAsync(publish: false));
        _server.Send("/debian/dists/bookworm/Release", System.Text.Encoding.ASCII.GetBytes(text + "\n"));
        await _archive!.DisposeAsync();
        Assert.Contains("its signature is not valid", Assert.IsType<KernelUnavailable>(await FindAsync(publish: false)).Reason, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Another_key_is_not()
    {
        _repository.Sign = release => _gpg.Signed(GpgHome.Stranger, release);
        await RefusedAsync("its signature is not valid by a key of");
    }

    [Fact]
    public async Task Neither_is_a_text_that_was_changed()
    {
        _repository.Sign = release => _gpg.Signed(GpgHome.Owner, release).Replace("Version: 12.15", "Version: 12.16", StringComparison.Ordinal);
        await RefusedAsync("its signature is not valid by a key of");
    }

    [Fact] // what is outside of the signed part is not read
    public async Task Text_before_the_signed_part_is_not_taken_for_signed()
    {
        _repository.Sign = release => "SHA256:\n 0 0 x\n" + _gpg.Signed(GpgHome.Owner, release);
        Assert.IsNotType<KernelInvalid>(await FindAsync());
        Assert.DoesNotContain(_server.Asked, path => path.EndsWith("/x", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Nor_one_without_a_signature() => await RefusedAsync("its signature is not valid by a key of");

    [Fact] // gpgv would decompress it
    public async Task Nor_a_compressed_message_even_of_the_owner()
    {
        _repository.Sign = release => _gpg.Compressed(GpgHome.Owner, release);
        await RefusedAsync("it does not begin with -----BEGIN PGP SIGNED MESSAGE-----");
    }

    [Fact]
    public async Task An_old_Release_is_refused_by_its_date()
    {
        _repository.Fields = "Valid-Until: Sat, 11 Jul 2020 10:16:37 UTC\n";
        _repository.Sign = release => _gpg.Signed(GpgHome.Owner, release);
        await RefusedAsync("it was valid until 2020-07-11");
    }

    private async Task RefusedAsync(string reason)
    {
        var unavailable = Assert.IsType<KernelUnavailable>(await FindAsync());
        Assert.Contains(reason, unavailable.Reason, StringComparison.Ordinal);
        Assert.Equal(0, _archive!.Index.Count);
    }

    private async Task<KernelResolution> FindAsync(bool publish = true)
    {
        if (publish) _repository.Publish();
        _archive = await TestArchive.StartAsync(_repository.Settings(("Keyring", _gpg.Keyring)));
        return await _archive.Finder.FindAsync(new(Release), TestContext.Current.CancellationToken);
    }

    public async ValueTask DisposeAsync()
    {
        if (_archive is not null) await _archive.DisposeAsync();
        if (_server is not null) await _server.DisposeAsync();
        _gpg?.Dispose();
    }
}
