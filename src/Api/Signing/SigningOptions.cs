namespace Relo.Api.Signing;

/// <summary>Section <c>Signing</c>: the keys that sign what the service relocates. Without one, nothing is signed.</summary>
internal sealed class SigningOptions
{
    /// <summary>Name of the section.</summary>
    public const string Section = "Signing";

    /// <summary>PEM file with the private key, ECDSA on P-256; empty = none.</summary>
    public string KeyFile { get; set; } = "";

    /// <summary>File with the password of an encrypted <see cref="KeyFile"/>; empty = it is not encrypted.</summary>
    public string KeyPasswordFile { get; set; } = "";

    /// <summary>
    /// A command for <c>/bin/sh</c> that signs instead of <see cref="KeyFile"/>: it reads a SHA-256 digest of 32 bytes from standard input
    /// and writes an ECDSA signature in DER to standard output, as <c>openssl pkeyutl -sign -inkey</c> does. Empty = none.
    /// </summary>
    public string Command { get; set; } = "";

    /// <summary>PEM file with the public key of <see cref="Command"/>.</summary>
    public string PublicKeyFile { get; set; } = "";

    /// <summary>
    /// Folder of PEM files with public keys that signed before: they are listed, so that what they signed still verifies. Empty = none.
    /// </summary>
    public string FormerKeysFolder { get; set; } = "";

    /// <summary>The URI of this builder in statements: <c>builder.id</c> of SLSA.</summary>
    public string BuilderId { get; set; } = "urn:relo";
}
