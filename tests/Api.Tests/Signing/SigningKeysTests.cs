using System.Security.Cryptography;
using Microsoft.Extensions.Options;
using Relo.Api.Signing;
using Relo.Api.Tests.Fixtures;

namespace Relo.Api.Tests.Signing;

public sealed class SigningKeysTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("relo-keys-").FullName;

    private static CancellationToken Patience => TestContext.Current.CancellationToken;

    [Fact]
    public void Without_a_key_nothing_signs() => Assert.Null(SigningKeys.Of(new()).Signer);

    [Fact]
    public async Task Key_signs_and_former_keys_are_listed()
    {
        using var former = TestKeys.Signer();
        Directory.CreateDirectory(PathOf("former"));
        File.WriteAllText(PathOf("former/2025.pem"), former.Key.Pem);
        using var keys = SigningKeys.Of(new() { KeyFile = Write("key", TestKeys.Pem()), FormerKeysFolder = PathOf("former") });
        var signature = await keys.Signer!.SignAsync("data"u8.ToArray(), Patience);
        Assert.True(keys.Signer.Key.Verifies("data"u8, signature));
        Assert.False(keys.Signer.Key.Verifies("date"u8, signature));
        Assert.Equal([former.Key.Id], keys.Former.Select(key => key.Id));
    }

    [Fact]
    public void File_may_list_several_former_keys()
    {
        using var first = TestKeys.Signer();
        using var second = TestKeys.Signer();
        Directory.CreateDirectory(PathOf("former"));
        File.WriteAllText(PathOf("former/keys.pem"), first.Key.Pem + second.Key.Pem); // as GET /v1/keys lists them
        File.WriteAllText(PathOf("former/second.pem"), second.Key.Pem);
        using var keys = SigningKeys.Of(new() { KeyFile = Write("key", TestKeys.Pem()), FormerKeysFolder = PathOf("former") });
        Assert.Equal([first.Key.Id, second.Key.Id], keys.Former.Select(key => key.Id));
    }

    [Fact]
    public void What_is_not_one_key_is_refused_with_what_it_is()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var (plain, encrypted) = (key.ExportSubjectPublicKeyInfoPem(), key.ExportEncryptedPkcs8PrivateKeyPem(
            "secret", new PbeParameters(PbeEncryptionAlgorithm.Aes256Cbc, HashAlgorithmName.SHA256, 1000)));
        Assert.Contains("has PUBLIC KEY, PUBLIC KEY, expected one", Fault($"{plain}\n{plain}"), StringComparison.Ordinal);
        Assert.Contains("has ENCRYPTED PRIVATE KEY, expected one", Fault(encrypted), StringComparison.Ordinal);
        Assert.Contains("has no key", Fault("x"), StringComparison.Ordinal);

        static string Fault(string pem) => Assert.Throws<CryptographicException>(() => PublicKey.Parse(pem)).Message;
    }

    [Fact]
    public async Task Encrypted_key_is_read_with_its_password_alone()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var file = Write("key", key.ExportEncryptedPkcs8PrivateKeyPem(
            "secret", new PbeParameters(PbeEncryptionAlgorithm.Aes256Cbc, HashAlgorithmName.SHA256, 1000)));
        using var keys = SigningKeys.Of(new() { KeyFile = file, KeyPasswordFile = Write("password", "secret\n") });
        var signature = await keys.Signer!.SignAsync("x"u8.ToArray(), Patience);
        Assert.True(keys.Signer.Key.Verifies("x"u8, signature));
        Assert.Throws<OptionsValidationException>(() => SigningKeys.Of(new() { KeyFile = file }));
        Assert.Throws<OptionsValidationException>(() => SigningKeys.Of(new() { KeyFile = file, KeyPasswordFile = Write("wrong", "x") }));
    }

    [Fact]
    public void What_is_no_private_key_on_P256_is_refused_with_its_setting_and_file()
    {
        using var rsa = RSA.Create(2048);
        using var large = ECDsa.Create(ECCurve.NamedCurves.nistP384);
        using var signer = TestKeys.Signer();
        foreach (var text in (string[])["", "x", rsa.ExportPkcs8PrivateKeyPem(), large.ExportPkcs8PrivateKeyPem(), signer.Key.Pem])
        {
            var file = Write("bad", text);
            var fault = Assert.Throws<OptionsValidationException>(() => SigningKeys.Of(new() { KeyFile = file }));
            Assert.Contains($"Signing:KeyFile: {file}", fault.Message, StringComparison.Ordinal);
        }

        Assert.Throws<OptionsValidationException>(() => SigningKeys.Of(new() { KeyFile = PathOf("nowhere") }));
    }

    [Fact]
    public async Task Command_signs_a_digest()
    {
        var key = Write("key", TestKeys.Pem());
        using var inFile = FileSigner.Parse(File.ReadAllText(key), password: null);
        using var keys = SigningKeys.Of(new()
        {
            Command = $"openssl pkeyutl -sign -inkey '{key}'",
            PublicKeyFile = Write("pub", inFile.Key.Pem),
        });
        var signature = await keys.Signer!.SignAsync("data"u8.ToArray(), Patience);
        Assert.True(inFile.Key.Verifies("data"u8, signature));
    }

    [Theory]
    [InlineData("echo no hardware >&2; exit 3", "status 3: no hardware")]
    [InlineData("cat", "are no signature")]
    [InlineData("true", "0 bytes that are no signature")]
    [InlineData("cat /dev/zero", "4096 bytes or more that are no signature")]
    public async Task Command_that_does_not_sign_is_a_failure(string command, string reason)
    {
        using var other = TestKeys.Signer();
        using var keys = SigningKeys.Of(new() { Command = command, PublicKeyFile = Write("pub", other.Key.Pem) });
        var fault = await Assert.ThrowsAsync<SigningFailedException>(() => keys.Signer!.SignAsync("data"u8.ToArray(), Patience));
        Assert.Contains(reason, fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Command_without_a_shell_is_a_failure_and_refused_at_the_start()
    {
        using var key = TestKeys.Signer();
        using var signer = new CommandSigner("true", key.Key, PathOf("no-shell"));
        var fault = await Assert.ThrowsAsync<SigningFailedException>(() => signer.SignAsync("data"u8.ToArray(), Patience));
        Assert.Contains("could not be started", fault.Message, StringComparison.Ordinal);

        var options = new SigningOptions { Command = "true", PublicKeyFile = Write("pub", key.Key.Pem) };
        var refused = new SigningOptionsCheck { Shell = PathOf("no-shell") }.Validate(null, options);
        Assert.Contains("no-shell", refused.FailureMessage, StringComparison.Ordinal);
    }

    [Fact]
    public void Settings_that_exclude_each_other_are_refused()
    {
        Assert.Equal(2, Faults(new() { KeyFile = "a", Command = "b" }));
        Assert.Equal(1, Faults(new() { PublicKeyFile = "a" }));
        Assert.Equal(1, Faults(new() { KeyPasswordFile = "a" }));
        Assert.Equal(1, Faults(new() { BuilderId = "here" }));
        Assert.Equal(1, Faults(new() { BuilderId = "/builder" }));
        Assert.Equal(1, Faults(new() { FormerKeysFolder = _folder }));
        Assert.Equal(0, Faults(new() { KeyFile = Write("key", TestKeys.Pem()) }));

        static int Faults(SigningOptions options)
        {
            if (options.BuilderId.Length == 0) options.BuilderId = "urn:relo";
            return new SigningOptionsCheck().Validate(null, options).Failures?.Count() ?? 0;
        }
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private string PathOf(string name) => Path.Combine(_folder, name);

    private string Write(string name, string text)
    {
        File.WriteAllText(PathOf(name), text);
        return PathOf(name);
    }
}
