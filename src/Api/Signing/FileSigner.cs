using System.Security.Cryptography;

namespace Relo.Api.Signing;

/// <summary>Signs with a private key from a PEM file.</summary>
internal sealed class FileSigner : Signer
{
    private readonly ECDsa _key;
    private readonly Lock _turn = new(); // the framework's keys are not safe for concurrent use

    private FileSigner(ECDsa key) => (_key, Key) = (key, PublicKey.Of(key));

    /// <inheritdoc/>
    public override PublicKey Key { get; }

    /// <summary>Reads the key.</summary>
    /// <param name="pem">PEM of PKCS#8 or SEC 1.</param>
    /// <param name="password">The password of an encrypted key; null if the key is not encrypted.</param>
    /// <exception cref="CryptographicException">It is not a private key on P-256, or the password is wrong.</exception>
    public static FileSigner Parse(string pem, string? password)
    {
        var key = ECDsa.Create();
        try
        {
            if (password is null) key.ImportFromPem(pem);
            else key.ImportFromEncryptedPem(pem, password);
            _ = key.ExportParameters(includePrivateParameters: true);
            return new(key);
        }
        catch (ArgumentException e)
        {
            key.Dispose();
            throw new CryptographicException(
                password is null ? "it has no unencrypted private key in PEM" : "it has no encrypted private key in PEM", e);
        }
        catch
        {
            key.Dispose();
            throw;
        }
    }

    /// <inheritdoc/>
    public override Task<byte[]> SignAsync(ReadOnlyMemory<byte> data, CancellationToken ct)
    {
        lock (_turn)
            return Task.FromResult(_key.SignData(data.Span, HashAlgorithmName.SHA256, DSASignatureFormat.Rfc3279DerSequence));
    }

    /// <inheritdoc/>
    public override void Dispose() => _key.Dispose();
}
