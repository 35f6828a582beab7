using System.Security.Cryptography;
using Microsoft.Extensions.Options;

namespace Relo.Api.Signing;

/// <summary>The key that signs, and those that signed before.</summary>
internal sealed class SigningKeys : IDisposable
{
    private SigningKeys(Signer? signer, IReadOnlyList<PublicKey> former) => (Signer, Former) = (signer, former);

    /// <summary>Signs; null if signing is off.</summary>
    public Signer? Signer { get; }

    /// <summary>Keys that signed before.</summary>
    public IReadOnlyList<PublicKey> Former { get; }

    /// <summary>Reads the keys that the settings name.</summary>
    /// <exception cref="OptionsValidationException">A file cannot be read, or has no such key.</exception>
    public static SigningKeys Of(SigningOptions options)
    {
        var former = options.FormerKeysFolder.Length == 0 ? [] : Read("FormerKeysFolder", options.FormerKeysFolder, folder => Directory
            .GetFiles(folder, "*.pem").Order(StringComparer.Ordinal)
            .SelectMany(file => Read("FormerKeysFolder", file, path => PublicKey.ParseAll(File.ReadAllText(path))))
            .DistinctBy(key => key.Id).ToArray());
        return new(SignerOf(options), former);
    }

    /// <inheritdoc/>
    public void Dispose() => Signer?.Dispose();

    private static Signer? SignerOf(SigningOptions options)
    {
        if (options.Command.Length > 0)
        {
            var key = Read("PublicKeyFile", options.PublicKeyFile, path => PublicKey.Parse(File.ReadAllText(path)));
            return new CommandSigner(options.Command, key);
        }

        if (options.KeyFile.Length == 0) return null;
        var password = options.KeyPasswordFile.Length == 0
            ? null
            : Read("KeyPasswordFile", options.KeyPasswordFile, path => File.ReadAllText(path).TrimEnd('\r', '\n'));
        return Read("KeyFile", options.KeyFile, path => FileSigner.Parse(File.ReadAllText(path), password));
    }

    private static T Read<T>(string setting, string path, Func<string, T> read)
    {
        try
        {
            return read(path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or CryptographicException)
        {
            throw new OptionsValidationException(
                SigningOptions.Section, typeof(SigningOptions), [$"Signing:{setting}: {path} cannot be used: {e.Message}"]);
        }
    }
}
