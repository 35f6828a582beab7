using System.Diagnostics;
using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Relo.Api.Tests.Fixtures;

namespace Relo.SystemTests.Processes;

/// <summary>TLS as README shows it: the usual configuration of Kestrel, with a certificate and its key as PEM files.</summary>
public sealed class TlsTests : IDisposable
{
    private readonly string _root = Directory.CreateTempSubdirectory("relo-tls-").FullName;

    [Fact]
    public async Task Service_speaks_TLS_with_the_certificate_it_is_given()
    {
        var thumbprint = await WriteCertificateAsync(_root);
        var settings = Settings(_root);
        using var process = Process.Start(RunProgram.StartOf(_root, settings))!;
        try
        {
            var address = await ListeningAsync(process);
            using var http =
                new HttpClient(
                    new HttpClientHandler { ServerCertificateCustomValidationCallback = (_, shown, _, _) => shown?.Thumbprint == thumbprint })
                { BaseAddress = address };
            using var answer = await http.GetAsync("/healthz/ready", TestContext.Current.CancellationToken);
            Assert.Equal(HttpStatusCode.OK, answer.StatusCode);

            // The health check of a container accepts it too, although it knows no authority for it.
            settings[0] = $"--Kestrel:Endpoints:Https:Url={address}";
            Assert.Equal(0, (await RunProgram.RunAsync(_root, ["--health", .. settings])).Status);
        }
        finally
        {
            process.Kill();
            await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        }
    }

    [Theory]
    [InlineData("written")]
    [InlineData("renamed")]
    [InlineData("swapped")]
    public async Task Certificate_that_is_replaced_is_used_without_a_restart(string how)
    {
        // As Kubernetes lays out a secret: tls.crt -> ..data/tls.crt, ..data -> ..1.
        var (first, second) = (Directory.CreateDirectory(Path.Combine(_root, "..1")).FullName,
            Directory.CreateDirectory(Path.Combine(_root, "..2")).FullName);
        var before = await WriteCertificateAsync(first);
        Directory.CreateSymbolicLink(Path.Combine(_root, "..data"), "..1");
        foreach (var file in Files)
        {
            if (how == "swapped") File.CreateSymbolicLink(Path.Combine(_root, file), Path.Combine("..data", file));
            else File.Copy(Path.Combine(first, file), Path.Combine(_root, file));
        }

        var settings = Settings(_root);
        settings[0] = $"--Kestrel:Endpoints:Https:Url=https://127.0.0.1:{FreePort()}"; // where it is 0, another port would follow
        using var process = Process.Start(RunProgram.StartOf(_root, settings))!;
        try
        {
            var address = await ListeningAsync(process);
            Assert.Equal(before, await ShownAsync(address));
            var after = await WriteCertificateAsync(second);
            if (how == "swapped") await SwapAsync();
            else
            {
                foreach (var file in Files)
                {
                    if (how == "written") File.Copy(Path.Combine(second, file), Path.Combine(_root, file), overwrite: true);
                    else File.Move(Path.Combine(second, file), Path.Combine(_root, file), overwrite: true);
                }
            }

            for (var i = 0; i < 300 && await ShownAsync(address) != after; i++)
                await Task.Delay(200, TestContext.Current.CancellationToken);
            Assert.Equal(after, await ShownAsync(address));
        }
        finally
        {
            process.Kill();
            await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        }
    }

    private static readonly string[] Files = ["tls.key", "tls.crt"];

    private async Task SwapAsync()
    {
        Directory.CreateSymbolicLink(Path.Combine(_root, "..data_tmp"), "..2");
        using var swap = Process.Start("mv", ["-T", Path.Combine(_root, "..data_tmp"), Path.Combine(_root, "..data")]);
        await swap.WaitForExitAsync(TestContext.Current.CancellationToken);
    }

    private static int FreePort()
    {
        using var listener = new System.Net.Sockets.TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    // The thumbprint of the certificate that a new connection gets; null while there is none.
    private static async Task<string?> ShownAsync(Uri address)
    {
        string? thumbprint = null;
        using var http =
            new HttpClient(
                new HttpClientHandler { ServerCertificateCustomValidationCallback = (_, shown, _, _) => (thumbprint = shown?.Thumbprint) is not null })
            { BaseAddress = address };
        try
        {
            using var answer = await http.GetAsync("/healthz/live", TestContext.Current.CancellationToken);
            return thumbprint;
        }
        catch (HttpRequestException)
        {
            return null; // the address is being bound anew
        }
    }

    private static async Task<string> WriteCertificateAsync(string folder)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=relo.test", key, HashAlgorithmName.SHA256);
        using var certificate = request.CreateSelfSigned(DateTimeOffset.UtcNow.AddDays(-1), DateTimeOffset.UtcNow.AddDays(1));
        await File.WriteAllTextAsync(Path.Combine(folder, "tls.crt"), certificate.ExportCertificatePem());
        await File.WriteAllTextAsync(Path.Combine(folder, "tls.key"), key.ExportPkcs8PrivateKeyPem());
        return certificate.Thumbprint;
    }

    private static string[] Settings(string folder) =>
    [
        "--Kestrel:Endpoints:Https:Url=https://127.0.0.1:0",
        $"--Kestrel:Endpoints:Https:Certificate:Path={folder}/tls.crt",
        $"--Kestrel:Endpoints:Https:Certificate:KeyPath={folder}/tls.key",
    ];

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
