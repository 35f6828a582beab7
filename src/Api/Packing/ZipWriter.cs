using System.IO.Compression;

namespace Relo.Api.Packing;

/// <summary>A <c>.zip</c>.</summary>
internal sealed class ZipWriter : PackWriter
{
    private const int RegularFile = 0x8000; // S_IFREG, which stands before the mode in the upper half of the attributes

    // The earliest time the format can hold: no clock gets into the file.
    private static readonly DateTimeOffset Epoch = new(1980, 1, 1, 0, 0, 0, TimeSpan.Zero);

    // A closed entry writes its end synchronously, its async methods notwithstanding, and the server takes no such write: each file is packed in memory
    // and then sent.
    private readonly Packed _packed = new();
    private readonly ZipArchive _zip;
    private readonly Stream _output;

    /// <param name="output">Where it goes; left open.</param>
    public ZipWriter(Stream output) => (_zip, _output) = (new ZipArchive(_packed, ZipArchiveMode.Create, leaveOpen: true), output);

    /// <inheritdoc/>
    public override async Task AddAsync(string path, ReadOnlyMemory<byte> content, CancellationToken cancellation, bool isProgram = false)
    {
        var entry = _zip.CreateEntry(path, CompressionLevel.Optimal);
        entry.LastWriteTime = Epoch;
        entry.ExternalAttributes = (RegularFile | (int)ModeOf(isProgram)) << 16;
        await using (var stream = await entry.OpenAsync(cancellation)) await stream.WriteAsync(content, cancellation);
        await _packed.MoveToAsync(_output, cancellation);
    }

    /// <inheritdoc/>
    public override async ValueTask DisposeAsync()
    {
        await _zip.DisposeAsync();
        await _packed.MoveToAsync(_output, CancellationToken.None);
        await _packed.DisposeAsync();
    }

    /// <summary>What is packed and not sent yet. It cannot seek, so that what was sent is never wanted back.</summary>
    private sealed class Packed : Stream
    {
        private readonly MemoryStream _bytes = new();

        public override bool CanRead => false;

        public override bool CanSeek => false;

        public override bool CanWrite => true;

        public override long Length => throw new NotSupportedException();

        public override long Position { get => throw new NotSupportedException(); set => throw new NotSupportedException(); }

        public async Task MoveToAsync(Stream output, CancellationToken cancellation)
        {
            await output.WriteAsync(_bytes.GetBuffer().AsMemory(0, (int)_bytes.Length), cancellation);
            _bytes.SetLength(0);
        }

        public override void Write(byte[] buffer, int offset, int count) => _bytes.Write(buffer, offset, count);

        public override void Write(ReadOnlySpan<byte> buffer) => _bytes.Write(buffer);

        public override void Flush() { }

        public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

        public override void SetLength(long value) => throw new NotSupportedException();
    }
}
