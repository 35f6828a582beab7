using System.Formats.Tar;
using System.IO.Compression;
using System.Net;
using System.Text.Json.Nodes;

namespace Relo.Api.Tests.Fixtures;

/// <summary>The response of POST /v1/bundles, unpacked.</summary>
internal sealed record Bundle(byte[] Bytes, string? MediaType, string? FileName, IReadOnlyDictionary<string, byte[]> Files,
    IReadOnlyDictionary<string, UnixFileMode> Modes)
{
    public const string Route = "/v1/bundles";

    public JsonObject Index => JsonNode.Parse(Files["index.json"])!.AsObject();

    /// <summary>The relocated object for a kernel.</summary>
    public byte[] ObjectFor(string kernel) => Files[(string)Index["kernels"]![kernel]!];

    /// <summary>Requests one with a body.</summary>
    public static Task<Bundle> OfAsync(HttpClient http, string query, string? accept = null) =>
        OfAsync(http, query, Answers.Body(Samples.Object), accept);

    /// <summary>Requests one.</summary>
    public static async Task<Bundle> OfAsync(HttpClient http, string query, HttpContent? content, string? accept = null)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, $"{Route}?{query}") { Content = content };
        using var answer = await http.SendAsync(accept is null ? request : request.Accepting(accept));
        Assert.True(answer.StatusCode == HttpStatusCode.OK, await answer.Content.ReadAsStringAsync());
        var bytes = await answer.Content.ReadAsByteArrayAsync();
        var mediaType = answer.Content.Headers.ContentType?.MediaType;
        var (files, modes) = mediaType == "application/gzip" ? await UntarAsync(bytes) : await UnzipAsync(bytes);
        return new(bytes, mediaType, answer.Content.Headers.ContentDisposition?.FileName, files, modes);
    }

    /// <summary>Writes the files into a folder.</summary>
    public void ExtractTo(string folder)
    {
        foreach (var (path, content) in Files)
        {
            var file = new FileInfo(Path.Combine(folder, path));
            file.Directory!.Create();
            File.WriteAllBytes(file.FullName, content);
        }
    }

    private static async Task<(Dictionary<string, byte[]>, Dictionary<string, UnixFileMode>)> UnzipAsync(byte[] bytes)
    {
        var (files, modes) = (new Dictionary<string, byte[]>(), new Dictionary<string, UnixFileMode>());
        await using var zip = new ZipArchive(new MemoryStream(bytes));
        foreach (var entry in zip.Entries)
        {
            Assert.Equal(new DateTime(1980, 1, 1), entry.LastWriteTime.DateTime);
            await using var content = await entry.OpenAsync();
            files.Add(entry.FullName, await AllAsync(content));
            modes.Add(entry.FullName, (UnixFileMode)((entry.ExternalAttributes >> 16) & 0b111_111_111));
        }

        return (files, modes);
    }

    private static async Task<(Dictionary<string, byte[]>, Dictionary<string, UnixFileMode>)> UntarAsync(byte[] bytes)
    {
        var (files, modes) = (new Dictionary<string, byte[]>(), new Dictionary<string, UnixFileMode>());
        await using var tar = new TarReader(new GZipStream(new MemoryStream(bytes), CompressionMode.Decompress));
        while (await tar.GetNextEntryAsync(copyData: true) is { } entry)
        {
            Assert.Equal((DateTimeOffset.UnixEpoch, 0, 0), (entry.ModificationTime, entry.Uid, entry.Gid));
            files.Add(entry.Name, await AllAsync(entry.DataStream!));
            modes.Add(entry.Name, entry.Mode);
        }

        return (files, modes);
    }

    private static async Task<byte[]> AllAsync(Stream content)
    {
        using var bytes = new MemoryStream();
        await content.CopyToAsync(bytes);
        return bytes.ToArray();
    }
}
