using System.IO.Compression;

namespace Relo.Api.Packing;

/// <summary>A <c>.zip</c>.</summary>
internal sealed class ZipWriter : PackWriter
{
    private const int RegularFile = 0x8000; // S_IFREG, which stands before the mode in the upper half of the attributes

    // The earliest time the format can hold: no clock gets into the file.
    private static readonly DateTimeOffset Epoch = new(1980, 1, 1, 0, 0, 0, TimeSpan.Zero);

    private readonly ZipArchive _zip;

    private ZipWriter(ZipArchive zip) => _zip = zip;

    /// <summary>Begins one.</summary>
    /// <param name="output">Where it goes; left open.</param>
    /// <param name="cancellation">The client is gone.</param>
    public static async Task<ZipWriter> OnAsync(Stream output, CancellationToken cancellation)
        => new(await ZipArchive.CreateAsync(output, ZipArchiveMode.Create, leaveOpen: true, entryNameEncoding: null, cancellation));

    /// <inheritdoc/>
    public override async Task AddAsync(string path, ReadOnlyMemory<byte> content, CancellationToken cancellation, bool isProgram = false)
    {
        var entry = _zip.CreateEntry(path, CompressionLevel.Optimal);
        entry.LastWriteTime = Epoch;
        entry.ExternalAttributes = (RegularFile | (int)ModeOf(isProgram)) << 16;
        await using var stream = await entry.OpenAsync(cancellation);
        await stream.WriteAsync(content, cancellation);
    }

    /// <inheritdoc/>
    public override ValueTask DisposeAsync() => _zip.DisposeAsync();
}
