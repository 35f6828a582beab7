using System.Security.Cryptography;
using Microsoft.Extensions.Primitives;
using Relo.Api.Http.Bodies;
using Relo.Api.Http.Problems;

namespace Relo.Api.Http.Uploads;

/// <summary>
/// Passes a request's body through and compares it with <c>Content-Digest</c> at the end. The check happens only if the end is read.
/// </summary>
internal sealed class DigestCheckingStream : ReadOnlyStream
{
    private readonly Stream _body;
    private readonly List<(IncrementalHash Hash, byte[] Expected)> _checks;

    /// <summary>Wraps <paramref name="body"/>.</summary>
    /// <exception cref="FormatException">The field is malformed.</exception>
    public DigestCheckingStream(Stream body, StringValues contentDigest)
    {
        _body = body;
        _checks = [.. ContentDigest.Parse(contentDigest).Select(d => (IncrementalHash.CreateHash(d.Key), d.Value))];
    }

    /// <summary>Reads; checks the digest at the end.</summary>
    /// <exception cref="RefusedException">The bytes do not match <c>Content-Digest</c>.</exception>
    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        if (buffer.IsEmpty) return 0;
        var read = await _body.ReadAsync(buffer, cancellationToken);
        foreach (var (hash, expected) in _checks)
        {
            if (read > 0) hash.AppendData(buffer.Span[..read]);
            else Compare(hash, expected);
        }

        return read;
    }

    private static void Compare(IncrementalHash hash, byte[] expected)
    {
        var found = hash.GetCurrentHash();
        if (found.AsSpan().SequenceEqual(expected)) return;
        throw new RefusedException(Problem.DigestMismatch(hash.AlgorithmName.Name!, found, expected));
    }

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        if (disposing) _checks.ForEach(c => c.Hash.Dispose());
        base.Dispose(disposing);
    }
}
