using System.Formats.Tar;
using System.IO.Compression;
using Relo.Api.Http.Uploads;

namespace Relo.Api.Packing;

/// <summary>A <c>.tar.gz</c>.</summary>
internal sealed class TarGzWriter : PackWriter
{
    private readonly GZipStream _gzip;
    private readonly TarWriter _tar;

    /// <param name="output">The output; left open.</param>
    public TarGzWriter(Stream output)
    {
        _gzip = new GZipStream(output, CompressionLevel.Optimal, leaveOpen: true);
        _tar = new TarWriter(_gzip, TarEntryFormat.Gnu, leaveOpen: true);
    }

    /// <inheritdoc/>
    public override Task AddAsync(string path, ReadOnlyMemory<byte> content, CancellationToken cancellation, bool isProgram = false)
        => _tar.WriteEntryAsync(
            new GnuTarEntry(TarEntryType.RegularFile, path)
            {
                DataStream = BodyBuffer.Over(content),
                Mode = ModeOf(isProgram),
                ModificationTime = DateTimeOffset.UnixEpoch,
            },
            cancellation);

    /// <inheritdoc/>
    public override async ValueTask DisposeAsync()
    {
        await _tar.DisposeAsync();
        await _gzip.DisposeAsync();
    }
}
