using Relo.Api.Tests.Fixtures;
using Relo.Api;
using System.Diagnostics;
using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Relo.SystemTests.Processes;

/// <summary>TLS as README shows it: the usual configuration of Kestrel, with a certificate and its key as PEM files.</summary>
public sealed class TlsTests : IDisposable
{
    private readonly string _root = Directory.CreateTempSubdirectory("relo-tls-").FullName;

    [Fact]
    public async Task Service_speaks_TLS_with_the_certificate_it_is_given()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=relo.test", key, HashAlgorithmName.SHA256);
        using var certificate = request.CreateSelfSigned(DateTimeOffset.UtcNow.AddDays(-1), DateTimeOffset.UtcNow.AddDays(1));
        await File.WriteAllTextAsync(Path.Combine(_root, "tls.crt"), certificate.ExportCertificatePem());
        await File.WriteAllTextAsync(Path.Combine(_root, "tls.key"), key.ExportPkcs8PrivateKeyPem());

        string[] settings =
        [
            "--Kestrel:Endpoints:Https:Url=https://127.0.0.1:0", $"--Kestrel:Endpoints:Https:Certificate:Path={_root}/tls.crt", $"--Kestrel:Endpoints:Https:Certificate:KeyPath={_root}/tls.key",
        ];
        using var process = Process.Start(RunProgram.StartOf(_root, settings))!;
        try
        {
            var address = await ListeningAsync(process);
            using var http = new HttpClient(new HttpClientHandler { ServerCertificateCustomValidationCallback = (_, shown, _, _) => shown?.Thumbprint == certificate.Thumbprint }) { BaseAddress = address };
            using var answer = await http.GetAsync("/healthz/ready", TestContext.Current.CancellationToken);
            Assert.Equal(HttpStatusCode.OK, answer.StatusCode);

            // The health check of a container asks it too, though it knows no authority that would vouch for it.
            settings[0] = $"--Kestrel:Endpoints:Https:Url={address}";
            Assert.Equal(0, (await RunProgram.RunAsync(_root, ["--health", .. settings])).Status);
        }
        finally
        {
            process.Kill();
            await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        }
    }

    // "… INF Now listening on: https://127.0.0.1:45231"
    private static async Task<Uri> ListeningAsync(Process process)
    {
        const string listening = "listening on: ";
        while (await process.StandardError.ReadLineAsync(TestContext.Current.CancellationToken) is { } line)
        {
            var at = line.IndexOf(listening, StringComparison.Ordinal);
            if (at >= 0) return new Uri(line[(at + listening.Length)..].Split('"', ' ')[0]);
        }

        throw new InvalidOperationException(await process.StandardOutput.ReadToEndAsync());
    }

    public void Dispose() => Directory.Delete(_root, recursive: true);
}
