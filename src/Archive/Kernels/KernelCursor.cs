using System.Buffers.Text;
using System.Diagnostics.CodeAnalysis;
using System.Text;

namespace Relo.Archive.Kernels;

/// <summary>The opaque cursor of a list of kernels: the id of the last one returned, in base64url.</summary>
public static class KernelCursor
{
    private static readonly UTF8Encoding Strict = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    /// <summary>The cursor after the kernel with this id.</summary>
    public static string After(string id) => Base64Url.EncodeToString(Strict.GetBytes(id));

    /// <summary>Parses a cursor of <see cref="After"/>.</summary>
    public static bool TryParse([NotNullWhen(true)] string? cursor, [NotNullWhen(true)] out string? id)
    {
        id = null;
        if (string.IsNullOrEmpty(cursor) || !Base64Url.IsValid(cursor)) return false;
        try
        {
            id = Strict.GetString(Base64Url.DecodeFromChars(cursor));
            return id.Length > 0; // white space decodes to nothing
        }
        catch (DecoderFallbackException)
        {
            return false;
        }
    }
}
