using System.IO.Pipelines;
using Microsoft.AspNetCore.Http.Features;

namespace Relo.Api.Http.Bodies;

/// <summary>
/// Sends a response body in pieces of at most 64 KiB and waits for the client after each. The server copies each write whole before it
/// waits, so one write of a large body would hold all of it for a client that does not read, and the minimum data rate would allow that
/// client hours.
/// </summary>
/// <remarks>
/// Every route writes through it: <c>response.Body.WriteAsync</c> takes any length. Code that uses <c>response.BodyWriter</c> instead
/// flushes it after at most <see cref="PieceBytes"/>.
/// </remarks>
internal sealed class PiecedBody(IHttpResponseBodyFeature inner) : Stream, IHttpResponseBodyFeature
{
    /// <summary>The largest piece.</summary>
    public const int PieceBytes = 64 * 1024;

    /// <inheritdoc/>
    public Stream Stream => this;

    /// <inheritdoc/>
    public PipeWriter Writer => inner.Writer;

    /// <inheritdoc/>
    public override ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
        => buffer.Length <= PieceBytes ? inner.Stream.WriteAsync(buffer, cancellationToken) : WritePiecesAsync(buffer, cancellationToken);

    /// <inheritdoc/>
    public override Task WriteAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken)
        => WriteAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    /// <inheritdoc/>
    public override Task FlushAsync(CancellationToken cancellationToken) => inner.Stream.FlushAsync(cancellationToken);

    /// <inheritdoc/>
    public Task StartAsync(CancellationToken cancellationToken = default) => inner.StartAsync(cancellationToken);

    /// <inheritdoc/>
    public Task SendFileAsync(string path, long offset, long? count, CancellationToken cancellationToken = default) =>
        inner.SendFileAsync(path, offset, count, cancellationToken);

    /// <inheritdoc/>
    public Task CompleteAsync() => inner.CompleteAsync();

    /// <inheritdoc/>
    public void DisableBuffering() => inner.DisableBuffering();

    private async ValueTask WritePiecesAsync(ReadOnlyMemory<byte> rest, CancellationToken cancellation)
    {
        for (; !rest.IsEmpty; rest = rest[Math.Min(PieceBytes, rest.Length)..])
        {
            // Flushes, and waits while the client does not read.
            await inner.Stream.WriteAsync(rest[..Math.Min(PieceBytes, rest.Length)], cancellation);
            cancellation.ThrowIfCancellationRequested(); // the server ignores writes to a connection that is closed
        }
    }

    /// <inheritdoc/>
    public override bool CanRead => false;

    /// <inheritdoc/>
    public override bool CanSeek => false;

    /// <inheritdoc/>
    public override bool CanWrite => true;

    /// <inheritdoc/>
    public override long Length => throw new NotSupportedException();

    /// <inheritdoc/>
    public override long Position { get => throw new NotSupportedException(); set => throw new NotSupportedException(); }

    /// <inheritdoc/>
    public override void Write(byte[] buffer, int offset, int count) => inner.Stream.Write(buffer, offset, count);

    /// <inheritdoc/>
    public override void Flush() => inner.Stream.Flush();

    /// <inheritdoc/>
    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    /// <inheritdoc/>
    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    /// <inheritdoc/>
    public override void SetLength(long value) => throw new NotSupportedException();
}
