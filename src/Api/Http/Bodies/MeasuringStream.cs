using System.Security.Cryptography;
using Relo.Core.Bytes;

namespace Relo.Api.Http.Bodies;

/// <summary>Counts and hashes the bytes that are written, without keeping them.</summary>
/// <param name="mostBytes">The limit.</param>
internal sealed class MeasuringStream(long mostBytes) : WriteOnlyStream
{
    private readonly IncrementalHash _hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
    private long _length;

    /// <inheritdoc/>
    public override long Length => _length;

    /// <summary>SHA-256 of the bytes.</summary>
    public Digest ToDigest() => Digest.FromHash(_hash.GetCurrentHash());

    /// <inheritdoc/>
    /// <exception cref="BodyTooLongException">The limit is exceeded.</exception>
    public override void Write(ReadOnlySpan<byte> buffer)
    {
        _length += buffer.Length;
        if (_length > mostBytes) throw new BodyTooLongException();
        _hash.AppendData(buffer);
    }

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        if (disposing) _hash.Dispose();
        base.Dispose(disposing);
    }
}
