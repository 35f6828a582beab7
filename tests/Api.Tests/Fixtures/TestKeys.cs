using System.Security.Cryptography;
using Relo.Api.Signing;

namespace Relo.Api.Tests.Fixtures;

/// <summary>Key pairs of the tests.</summary>
internal static class TestKeys
{
    private const string Published = "d73ec437fd6346e3619c5ebfdfff0f6916804955ad32ac9ac492b0ede1f6ffb7";

    /// <summary>A new one.</summary>
    public static FileSigner Signer() => FileSigner.Parse(Pem(), password: null);

    /// <summary>The key of DSSE's specification, in a file: everybody knows it, so it proves nothing, and documents can show it.</summary>
    public static KeyFile InFile()
    {
        using var key = ECDsa.Create(new ECParameters { Curve = ECCurve.NamedCurves.nistP256, D = Convert.FromHexString(Published) });
        return new(key.ExportPkcs8PrivateKeyPem());
    }

    /// <summary>A new private key in PEM.</summary>
    public static string Pem()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        return key.ExportPkcs8PrivateKeyPem();
    }
}
