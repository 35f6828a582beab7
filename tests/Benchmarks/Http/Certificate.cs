using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Relo.Benchmarks.Http;

/// <summary>A self-signed certificate for the service and for nginx; wrk checks none.</summary>
internal static class Certificate
{
    /// <summary>Writes it and its key.</summary>
    public static async Task<(string Path, string KeyPath)> WriteAsync(TemporaryFolder folder)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        using var certificate = new CertificateRequest("CN=127.0.0.1", key, HashAlgorithmName.SHA256)
            .CreateSelfSigned(DateTimeOffset.UtcNow.AddDays(-1), DateTimeOffset.UtcNow.AddDays(1));
        var (path, keyPath) = (folder.File("tls.crt"), folder.File("tls.key"));
        await File.WriteAllTextAsync(path, certificate.ExportCertificatePem());
        await File.WriteAllTextAsync(keyPath, key.ExportPkcs8PrivateKeyPem());
        return (path, keyPath);
    }
}
