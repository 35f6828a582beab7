using System.Security.Cryptography;
using Relo.Api.Signing;

namespace Relo.Api.Commands;

/// <summary>
/// <c>keygen</c>: makes a key pair, ECDSA on P-256.
/// <code>dotnet run --project src/Api -- keygen relo.key</code>
/// </summary>
internal static class KeygenCommand
{
    /// <summary>The suffix of the public key's file.</summary>
    public const string PublicSuffix = ".pub";

    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    /// <summary>Writes both files, or none; an existing key is never overwritten.</summary>
    public static int Run(string file, TextWriter output, TextWriter error)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var publicKey = PublicKey.Of(key);
        var isHalf = false;
        try
        {
            Write(file, key.ExportPkcs8PrivateKeyPem() + "\n", OwnerOnly);
            isHalf = true;
            Write(file + PublicSuffix, publicKey.Pem, OwnerOnly | UnixFileMode.GroupRead | UnixFileMode.OtherRead);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            if (isHalf) File.Delete(file);
            error.WriteLine($"keygen: {e.Message}");
            return ExitStatus.NotWritten;
        }

        output.WriteLine(publicKey.Id);
        error.WriteLine($"{file} is for Signing:KeyFile; give {file}{PublicSuffix} to the nodes");
        return ExitStatus.Done;
    }

    private static void Write(string file, string text, UnixFileMode mode)
    {
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows()) options.UnixCreateMode = mode;
        using var stream = new FileStream(file, options);
        using var writer = new StreamWriter(stream);
        writer.Write(text);
    }
}
