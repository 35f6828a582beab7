using System.Diagnostics;
using Relo.Api.Signing;
using Relo.Api.Tests.Fixtures;

namespace Relo.SystemTests.Commands;

/// <summary>Keys on the command line and at the start of the service.</summary>
public sealed class TrustCommandTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("relo-trust-").FullName;

    private static CancellationToken Patience => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("Signing:KeyFile")]
    [InlineData("Objects:RequireSignatureBy")]
    public async Task A_key_that_cannot_be_read_ends_the_start_with_its_setting(string setting)
    {
        var wrong = Write("wrong", "no key");
        foreach (var file in (string[])[wrong, PathOf("nowhere")])
        {
            var (status, said) = await RunProgram.RunAsync(_folder, "serve", $"--{setting}={file}");
            Assert.True(status == 1 && said.Contains($"{setting}: {file} cannot be used", StringComparison.Ordinal), $"{status}: {said}");
        }
    }

    [Fact]
    public async Task Keygen_makes_keys_that_sign_and_never_overwrites_one()
    {
        var key = PathOf("relo.key");
        var (status, said) = await RunProgram.RunAsync(_folder, "keygen", key);
        Assert.True(status == 0, said);
        using var signer = FileSigner.Parse(await File.ReadAllTextAsync(key, Patience), password: null);
        Assert.Equal(signer.Key.Pem, await File.ReadAllTextAsync(key + ".pub", Patience));
        Assert.Contains(signer.Key.Id, said, StringComparison.Ordinal);
        if (!OperatingSystem.IsWindows()) Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(key));
        Assert.Equal(6, (await RunProgram.RunAsync(_folder, "keygen", key)).Status);
        Assert.Equal(signer.Key.Pem, await File.ReadAllTextAsync(key + ".pub", Patience));
    }

    [Fact]
    public async Task A_statement_is_verified_with_any_key_of_the_file_and_against_its_object()
    {
        using var signer = TestKeys.Signer();
        using var other = TestKeys.Signer();
        byte[] file = [1, 2, 3];
        var statement = """{"_type":"https://in-toto.io/Statement/v1","subject":[{"name":"x.o","digest":{"sha256":"DIGEST"}}]}"""
            .Replace("DIGEST", Core.Bytes.Digest.Of(file).Hex, StringComparison.Ordinal);
        var envelope = await Dsse.SignAsync(signer, Subject.StatementType, System.Text.Encoding.UTF8.GetBytes(statement), Patience);
        var signed = Write("x.dsse.json", System.Text.Json.JsonSerializer.Serialize(envelope, DsseJson.Plain.Dsse));
        await File.WriteAllBytesAsync(PathOf("x.o"), file, Patience);
        var (both, none) = (Write("both.pem", other.Key.Pem + signer.Key.Pem), Write("none.pem", other.Key.Pem));

        Assert.Equal(0, await VerifyAsync(signed, "--key", both));
        Assert.Equal(0, await VerifyAsync(signed, "--key", both, "--object", PathOf("x.o")));
        Assert.Equal(9, await VerifyAsync(signed, "--key", none));
        Assert.Equal(9, await VerifyAsync(signed, "--key", both, "--object", both));
        Assert.Equal(9, await VerifyAsync(both, "--key", both));
        Assert.Equal(2, await VerifyAsync(signed));
        Assert.Equal(3, await VerifyAsync(PathOf("nowhere"), "--key", both));
        Assert.Equal(1, await VerifyAsync(signed, "--key", "/proc/self/mem")); // cannot be read at its start
        Assert.Equal(9, await VerifyAsync(signed, "--key", "/dev/zero"));
        Assert.Equal(0, await VerifyPipeAsync(signed, both));
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private string PathOf(string name) => Path.Combine(_folder, name);

    private string Write(string name, string text)
    {
        File.WriteAllText(PathOf(name), text);
        return PathOf(name);
    }

    private async Task<int> VerifyPipeAsync(string signed, string keys)
    {
        var start = RunProgram.StartOf(_folder, "verify-attestation", "/dev/stdin", "--key", keys);
        start.RedirectStandardInput = true;
        using var process = Process.Start(start)!;
        await process.StandardInput.WriteAsync(await File.ReadAllTextAsync(signed, Patience));
        process.StandardInput.Close();
        await process.WaitForExitAsync(Patience);
        return process.ExitCode;
    }

    private async Task<int> VerifyAsync(params string[] words) =>
        (await RunProgram.RunAsync(_folder, ["verify-attestation", .. words])).Status;
}
