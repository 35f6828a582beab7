using System.Security.Cryptography;
using Relo.Core.Bytes;

namespace Relo.Api.Signing;

/// <summary>
/// A public key: ECDSA on P-256 with SHA-256, the algorithm that every version of <c>openssl</c> and every Sigstore client has.
/// </summary>
internal sealed class PublicKey
{
    private const int RawBytes = 64;
    private const string Expected = "in PEM (-----BEGIN PUBLIC KEY-----)";
    private const string NoKey = $"it has no key {Expected}";

    // openssl writes the name of the curve before a private key.
    private const string CurveLabel = "EC PARAMETERS";

    private readonly byte[] _spki;

    private PublicKey(byte[] spki) => _spki = spki;

    /// <summary>SHA-256 of its SubjectPublicKeyInfo in DER, 64 hexadecimal digits.</summary>
    public string Id => Digest.Of(_spki).Hex;

    /// <summary>The key in PEM, as <c>openssl</c> reads it.</summary>
    public string Pem => PemEncoding.WriteString("PUBLIC KEY", _spki) + "\n";

    /// <summary>Its point on the curve.</summary>
    public ECParameters Point
    {
        get
        {
            using var key = Open();
            return key.ExportParameters(includePrivateParameters: false);
        }
    }

    /// <summary>The public key of a key pair.</summary>
    /// <exception cref="CryptographicException">The key is not on P-256.</exception>
    public static PublicKey Of(ECDsa key)
    {
        var curve = key.ExportParameters(includePrivateParameters: false).Curve;
        return curve.Oid.Value == ECCurve.NamedCurves.nistP256.Oid.Value
            ? new(key.ExportSubjectPublicKeyInfo())
            : throw new CryptographicException($"it is a key on {curve.Oid.FriendlyName ?? "another curve"}, expected P-256");
    }

    /// <summary>Reads PEM.</summary>
    /// <exception cref="CryptographicException">The text has no key on P-256, several keys or an encrypted one.</exception>
    public static PublicKey Parse(string pem)
    {
        using var key = ECDsa.Create();
        try
        {
            key.ImportFromPem(pem);
        }
        catch (ArgumentException e)
        {
            var found = string.Join(", ", Blocks(pem).Select(block => block.Label));
            throw new CryptographicException(found.Length == 0 ? NoKey : $"it has {found}, expected one key {Expected}", e);
        }

        return Of(key);
    }

    /// <summary>Reads all public keys of a text.</summary>
    /// <exception cref="CryptographicException">One of them is not on P-256, or there is none.</exception>
    public static IReadOnlyList<PublicKey> ParseAll(string text)
    {
        PublicKey[] keys = [.. Blocks(text).Where(block => block.Label != CurveLabel).Select(block => Parse(block.Pem))];
        return keys.Length > 0 ? keys : throw new CryptographicException(NoKey);
    }

    private static IEnumerable<(string Label, string Pem)> Blocks(string text)
    {
        while (PemEncoding.TryFind(text, out var found))
        {
            yield return (text[found.Label], text[found.Location]);
            text = text[found.Location.End..];
        }
    }

    /// <summary>Whether the signature is that of this key over the data: in DER, or the two numbers as 64 bytes.</summary>
    public bool Verifies(ReadOnlySpan<byte> data, ReadOnlySpan<byte> signature)
    {
        using var key = Open();
        try
        {
            return key.VerifyData(data, signature, HashAlgorithmName.SHA256, DSASignatureFormat.Rfc3279DerSequence)
                || (signature.Length == RawBytes
                    && key.VerifyData(data, signature, HashAlgorithmName.SHA256, DSASignatureFormat.IeeeP1363FixedFieldConcatenation));
        }
        catch (CryptographicException)
        {
            return false; // not DER
        }
    }

    private ECDsa Open()
    {
        var key = ECDsa.Create();
        key.ImportSubjectPublicKeyInfo(_spki, out _);
        return key;
    }
}
