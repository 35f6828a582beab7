using System.IO.Compression;
using Relo.Api.Http.Bodies;

namespace Relo.Api.Packing;

/// <summary>A <c>.zip</c>.</summary>
internal sealed class ZipWriter : PackWriter
{
    private const int Piece = 64 * 1024;
    private const int RegularFile = 0x8000; // S_IFREG, above the mode in the upper half of the attributes

    // The earliest time of the format, so that the bytes do not depend on a clock.
    private static readonly DateTimeOffset Epoch = new(1980, 1, 1, 0, 0, 0, TimeSpan.Zero);

    // Closing an entry writes synchronously, even in DisposeAsync, and the server refuses synchronous writes: each file is packed
    // in memory and then sent.
    private readonly Packed _packed = new();
    private readonly ZipArchive _zip;
    private readonly Stream _output;

    /// <param name="output">The output; left open.</param>
    public ZipWriter(Stream output) => (_zip, _output) = (new ZipArchive(_packed, ZipArchiveMode.Create, leaveOpen: true), output);

    /// <inheritdoc/>
    public override Task AddAsync(string path, ReadOnlyMemory<byte> content, CancellationToken cancellation, bool isProgram = false)
        => AddAsync(path, (entry, stop) => entry.WriteAsync(content, stop).AsTask(), cancellation, isProgram);

    /// <summary>Adds a streamed file, which is never whole in memory.</summary>
    /// <param name="path">Its path in the archive.</param>
    /// <param name="write">Writes the file.</param>
    /// <param name="cancellation">Cancelled when the client disconnects.</param>
    /// <param name="isProgram">Whether the file is executable.</param>
    public async Task AddAsync(string path, Func<Stream, CancellationToken, Task> write, CancellationToken cancellation,
        bool isProgram = false)
    {
        var entry = _zip.CreateEntry(path, CompressionLevel.Optimal);
        entry.LastWriteTime = Epoch;
        entry.ExternalAttributes = (RegularFile | (int)ModeOf(isProgram)) << 16;
        await using (var stream = await entry.OpenAsync(cancellation)) await write(new Entry(stream, SendAsync), cancellation);
        await _packed.MoveToAsync(_output, cancellation);
    }

    /// <inheritdoc/>
    public override async ValueTask DisposeAsync()
    {
        await _zip.DisposeAsync();
        await _packed.MoveToAsync(_output, CancellationToken.None);
        await _packed.DisposeAsync();
    }

    private ValueTask SendAsync(CancellationToken cancellation)
        => _packed.Count < Piece ? ValueTask.CompletedTask : new(_packed.MoveToAsync(_output, cancellation));

    /// <summary>A file that is being packed. Packed bytes are sent before more input is accepted.</summary>
    private sealed class Entry(Stream packing, Func<CancellationToken, ValueTask> sendAsync) : WriteOnlyStream
    {
        public override void Write(ReadOnlySpan<byte> buffer) => packing.Write(buffer);

        public override async ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
        {
            // In pieces: otherwise incompressible data would be in memory a second time for each client.
            for (var rest = buffer; !rest.IsEmpty; rest = rest[Math.Min(Piece, rest.Length)..])
            {
                await packing.WriteAsync(rest[..Math.Min(Piece, rest.Length)], cancellationToken);
                await sendAsync(cancellationToken);
            }
        }
    }

    /// <summary>The packed bytes that are not sent yet. It cannot seek, so that the packer never goes back to bytes already sent.</summary>
    private sealed class Packed : WriteOnlyStream
    {
        private readonly MemoryStream _bytes = new();

        public int Count => (int)_bytes.Length;

        public async Task MoveToAsync(Stream output, CancellationToken cancellation)
        {
            await output.WriteAsync(_bytes.GetBuffer().AsMemory(0, Count), cancellation);
            _bytes.SetLength(0);
        }

        public override void Write(ReadOnlySpan<byte> buffer) => _bytes.Write(buffer);
    }
}
