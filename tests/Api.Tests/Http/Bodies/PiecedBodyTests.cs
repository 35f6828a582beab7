using System.IO.Pipelines;
using Microsoft.AspNetCore.Http;
using Relo.Api.Http.Bodies;

namespace Relo.Api.Tests.Http.Bodies;

public sealed class PiecedBodyTests
{
    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(PiecedBody.PieceBytes)]
    [InlineData(PiecedBody.PieceBytes + 1)]
    [InlineData((3 * PiecedBody.PieceBytes) - 1)]
    public async Task Large_write_is_sent_in_pieces_of_at_most_64_KiB(int length)
    {
        var sent = new SentPieces();
        var body = new byte[length];
        Random.Shared.NextBytes(body);
        await new PiecedBody(new StreamResponseBodyFeature(sent)).WriteAsync(body, TestContext.Current.CancellationToken);
        Assert.Equal(body, sent.All);
        Assert.All(sent.Lengths, piece => Assert.InRange(piece, 0, PiecedBody.PieceBytes));
    }

    [Fact]
    public async Task Next_piece_waits_until_the_client_has_taken_the_one_before()
    {
        var pipe = new Pipe(new PipeOptions(pauseWriterThreshold: PiecedBody.PieceBytes, resumeWriterThreshold: 1));
        var send = new PiecedBody(new StreamResponseBodyFeature(pipe.Writer.AsStream()))
            .WriteAsync(new byte[10 * PiecedBody.PieceBytes], TestContext.Current.CancellationToken).AsTask();
        for (var piece = 0; piece < 10; piece++)
        {
            var read = await pipe.Reader.ReadAtLeastAsync(PiecedBody.PieceBytes, TestContext.Current.CancellationToken);
            Assert.Equal(PiecedBody.PieceBytes, read.Buffer.Length); // at most this is held in memory for a client that stops reading
            Assert.False(send.IsCompleted);
            pipe.Reader.AdvanceTo(read.Buffer.End);
        }

        await send;
    }

    [Fact]
    public async Task Sending_ends_when_the_request_is_aborted()
    {
        using var aborted = new CancellationTokenSource();
        var sent = new SentPieces { OnWrite = aborted.Cancel };
        await Assert.ThrowsAnyAsync<OperationCanceledException>(async () => await new PiecedBody(new StreamResponseBodyFeature(sent))
            .WriteAsync(new byte[10 * PiecedBody.PieceBytes], aborted.Token));
        Assert.Single(sent.Lengths);
    }

    private sealed class SentPieces : MemoryStream
    {
        public List<int> Lengths { get; } = [];

        public Action? OnWrite { get; init; }

        public byte[] All => ToArray();

        public override async ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
        {
            await base.WriteAsync(buffer, CancellationToken.None);
            Lengths.Add(buffer.Length);
            OnWrite?.Invoke();
        }
    }
}
