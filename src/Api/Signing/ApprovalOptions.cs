using System.Security.Cryptography;
using Microsoft.Extensions.Options;
using Relo.Archive.Objects;

namespace Relo.Api.Signing;

/// <summary>The setting of section <c>Objects</c> for signed uploads.</summary>
internal sealed class ApprovalOptions
{
    /// <summary>Name of the section.</summary>
    public const string Section = ObjectOptions.Section;

    /// <summary>PEM file with public keys: objects are stored only if one of them signed them. Empty: no signature is needed.</summary>
    public string RequireSignatureBy { get; set; } = "";

    /// <summary>The keys in the file; none if no signature is needed.</summary>
    /// <exception cref="OptionsValidationException">The file cannot be read, or has no public key.</exception>
    public IReadOnlyList<PublicKey> Keys()
    {
        if (RequireSignatureBy.Length == 0) return [];
        try
        {
            return PublicKey.ParseAll(File.ReadAllText(RequireSignatureBy));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or CryptographicException)
        {
            throw new OptionsValidationException(
                Section, typeof(ApprovalOptions), [$"Objects:RequireSignatureBy: {RequireSignatureBy} cannot be used: {e.Message}"]);
        }
    }
}
