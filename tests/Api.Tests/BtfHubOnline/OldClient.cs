using System.Diagnostics;
using System.Net.Http.Json;
using System.Text.Json.Serialization;

namespace Relo.Api.Tests.BtfHubOnline;

/// <summary>A kernel, with the names of btfhub-online's OpenAPI document.</summary>
internal sealed record OldIdentifier(
    [property: JsonPropertyName("distribution")] string Distribution,
    [property: JsonPropertyName("distribution_version")] string DistributionVersion,
    [property: JsonPropertyName("kernel_version")] string KernelVersion,
    [property: JsonPropertyName("arch")] string Arch)
{
    public string Query =>
        $"distribution={Uri.EscapeDataString(Distribution)}&distribution_version={Uri.EscapeDataString(DistributionVersion)}&kernel_version={Uri.EscapeDataString(KernelVersion)}&arch={Arch}";
}

/// <summary>
/// A client of btfhub-online, written to its OpenAPI document and to what its Go client does: any 2xx is success, the object is the file
/// <c>from_memory</c> of field <c>bpf</c>, and of an answer that is packed the first regular file counts.
/// </summary>
internal sealed class OldClient(HttpClient http)
{
    public async Task<OldIdentifier[]> ListAsync() => (await http.GetFromJsonAsync<OldIdentifier[]>("/api/v1/list"))!;

    public async Task<byte[]> GetRawBtfAsync(OldIdentifier kernel) =>
        await ReadAsync(await http.GetAsync($"/api/v1/download?{kernel.Query}"));

    public async Task<byte[]> GetCustomBtfAsync(OldIdentifier kernel, byte[] bpf)
    {
        using var form = new MultipartFormDataContent();
        var file = new ByteArrayContent(bpf);
        file.Headers.ContentType = new("application/octet-stream");
        form.Add(file, "bpf", "from_memory");
        return await ReadAsync(await http.PostAsync($"/api/v1/customize?{kernel.Query}", form));
    }

    /// <summary>As in the OpenAPI document: a field of a URL-encoded form.</summary>
    public async Task<byte[]> GetCustomBtfUrlEncodedAsync(OldIdentifier kernel, byte[] bpf)
    {
        var body = new StringContent("bpf=" + string.Concat(bpf.Select(b => $"%{b:x2}")));
        body.Headers.ContentType = new("application/x-www-form-urlencoded");
        return await ReadAsync(await http.PostAsync($"/api/v1/customize?{kernel.Query}", body));
    }

    /// <summary>The files of a .tar.xz, unpacked by the system's own tar and xz.</summary>
    public static Dictionary<string, byte[]> Unpack(byte[] tarXz)
    {
        var folder = Directory.CreateTempSubdirectory("relo-old-client-").FullName;
        try
        {
            var archive = Path.Combine(folder, "x.tar.xz");
            File.WriteAllBytes(archive, tarXz);
            var into = Directory.CreateDirectory(Path.Combine(folder, "out")).FullName;
            using var tar = Process.Start("tar", ["-xJf", archive, "-C", into]);
            tar.WaitForExit();
            Assert.Equal(0, tar.ExitCode);
            return Directory.EnumerateFiles(into, "*", SearchOption.AllDirectories)
                .ToDictionary(f => Path.GetRelativePath(into, f), File.ReadAllBytes);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static async Task<byte[]> ReadAsync(HttpResponseMessage answer)
    {
        var body = await answer.Content.ReadAsByteArrayAsync();
        Assert.True(answer.IsSuccessStatusCode, $"{answer.StatusCode}: {System.Text.Encoding.UTF8.GetString(body)}");
        Assert.Equal("application/octet-stream", answer.Content.Headers.ContentType?.ToString());
        return body;
    }
}
