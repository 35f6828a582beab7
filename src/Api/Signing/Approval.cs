using System.Buffers.Text;
using System.Text;
using System.Text.Json;
using Microsoft.Extensions.Options;
using Relo.Api.Http.Problems;
using Relo.Core.Bytes;

namespace Relo.Api.Signing;

/// <summary>
/// Checks that the holder of a configured key approved an object, so that the server alone does not decide what a fleet runs. A signature
/// is that of <c>openssl dgst -sha256 -sign</c> or <c>cosign sign-blob</c> over the file, in Base64, or a DSSE envelope around a statement
/// whose subject is the file.
/// </summary>
internal sealed class Approval(IOptions<ApprovalOptions> options)
{
    /// <summary>The header with the signature.</summary>
    public const string Header = "X-Signature";

    private readonly IReadOnlyList<PublicKey> _keys = options.Value.Keys();

    /// <summary>Whether objects need a signature.</summary>
    public bool IsNeeded => _keys.Count > 0;

    /// <summary>Refuses an object without a signature by one of the configured keys.</summary>
    /// <param name="file">The object.</param>
    /// <param name="signature">The signature in the request, if there is one.</param>
    /// <exception cref="RefusedException">There is no signature, or it is not by one of these keys over these bytes.</exception>
    public void Check(ReadOnlyMemory<byte> file, string? signature)
    {
        if (!IsNeeded)
        {
            // The caller expects a check that would not happen.
            if (signature is not null) throw new RefusedException(Problem.SignatureNotChecked());
            return;
        }

        if (string.IsNullOrWhiteSpace(signature)) throw new RefusedException(Problem.SignatureRequired("the request has no signature"));
        var text = signature.Trim();
        if (text.StartsWith('{') ? IsSubject(text, Digest.Of(file.Span)) : IsOver(text, file.Span)) return;
        throw new RefusedException(Problem.SignatureRequired(
            $"the signature is not by one of the {_keys.Count} keys of Objects:RequireSignatureBy over these {file.Length} bytes, "
            + $"{Digest.Of(file.Span)}"));
    }

    private bool IsOver(string text, ReadOnlySpan<byte> file)
    {
        if (!Base64.IsValid(text)) return false;
        var signature = Convert.FromBase64String(text);
        foreach (var key in _keys) if (key.Verifies(file, signature)) return true;
        return false;
    }

    private bool IsSubject(string text, Digest digest)
    {
        try
        {
            return Dsse.Parse(Encoding.UTF8.GetBytes(text)) is var envelope && envelope.Verify(_keys) is { } payload
                && Subject.Of(envelope.PayloadType, payload).Digest == digest;
        }
        catch (Exception e) when (e is FormatException or JsonException)
        {
            return false;
        }
    }
}
