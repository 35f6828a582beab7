using System.Formats.Tar;
using System.IO.Compression;
using System.Net.Mime;
using System.Text.Json;
using Relo.Api.Http;
using Relo.Core;

namespace Relo.Api.MinimalBtf;

/// <summary>
/// A tar.gz in BTFHub's layout, written while it is sent: no more than one kernel's part waits in memory for the client. The same kernels and the same object give
/// the same bytes: paths sorted, no clock, no user.
/// </summary>
/// <param name="parts">The parts, sorted by the kernel's id; made as they are taken.</param>
/// <param name="fileName">Name of the download.</param>
internal sealed class MinimalBtfTar(IEnumerable<MinimalBtfPart> parts, string fileName) : IResult
{
    private const string FailedName = "failed.json";

    /// <inheritdoc/>
    public async Task ExecuteAsync(HttpContext httpContext)
    {
        var (response, gone) = (httpContext.Response, httpContext.RequestAborted);
        response.ContentType = MediaTypeNames.Application.GZip;
        response.Headers.CacheControl = "no-cache";
        response.Headers.ContentDisposition = Attachment.Named(fileName);
        await using var gzip = new GZipStream(response.Body, CompressionLevel.Optimal);
        await using var tar = new TarWriter(gzip, TarEntryFormat.Gnu);
        try
        {
            await WriteAsync(tar, gone);
        }
        catch
        {
            // What ends early must not look whole: closing the streams would write the end of the archive.
            httpContext.Abort();
            throw;
        }
    }

    private async Task WriteAsync(TarWriter tar, CancellationToken gone)
    {
        var failed = new List<FailedKernel>();
        foreach (var part in parts)
        {
            if (part.Failure is { } failure) failed.Add(new FailedKernel(part.Kernel.Id, failure));
            else await tar.WriteEntryAsync(Entry($"{part.Kernel.Id}.btf", part.Btf), gone);
        }

        if (failed.Count > 0) await tar.WriteEntryAsync(Entry(FailedName, JsonSerializer.SerializeToUtf8Bytes(failed, ApiJson.Options)), gone);
    }

    private static GnuTarEntry Entry(string path, ReadOnlyMemory<byte> content) => new(TarEntryType.RegularFile, path)
    {
        DataStream = new MemoryStream(content.ToArray(), writable: false),
        Mode = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead | UnixFileMode.OtherRead,
        ModificationTime = DateTimeOffset.UnixEpoch,
    };

    private sealed record FailedKernel(string Kernel, RelocationFailed Relocation);
}
