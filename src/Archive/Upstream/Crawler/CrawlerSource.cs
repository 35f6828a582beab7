using System.Text.Json;
using Relo.Archive.Naming;

namespace Relo.Archive.Upstream.Crawler;

/// <summary>
/// A list in the form of falcosecurity/kernel-crawler, for one architecture: which kernels distributions have published. It only counts;
/// the kernels come from other sources.
/// <code>
/// { "AmazonLinux2": [ { "kernelversion": 1, "kernelrelease": "4.14.273-207.502.amzn2.aarch64", "target": "amazonlinux2",
///     "headers": […] } ] }
/// </code>
/// </summary>
internal sealed class CrawlerSource(string name, string arch, string? file, SourceClient? client, UpstreamOptions options) : IKernelSource
{
    private const int MostKernels = 1_000_000;

    public string Name => name;

    public string Title => $"the source {name}";

    public string? KeyOf(KernelIdentifier wanted, out string why)
    {
        why = "it is a list of kernels, without files";
        return null;
    }

    public Task<IReadOnlyList<SourceKernel>> FindAsync(KernelIdentifier wanted, CancellationToken ct) =>
        Task.FromResult<IReadOnlyList<SourceKernel>>([]);

    public async Task<SourceList> ListAsync(CancellationToken ct)
    {
        var what = file ?? client!.Root.ToString();
        try
        {
            if (client is null)
            {
                var bytes = await File.ReadAllBytesAsync(file!, ct);
                return bytes.Length <= options.FileBytes ? new(Read(bytes), [])
                    : throw new FormatException($"it has {bytes.Length} bytes, at most {options.FileBytes} are accepted");
            }

            using var body = await client.GetAsync("", what, options.FileBytes, ct)
                ?? throw SourceException.Unfit(what, "it does not exist");
            return new(Read(body.Bytes), []);
        }
        catch (Exception e) when (
            e is JsonException or FormatException or InvalidOperationException or IOException or UnauthorizedAccessException)
        {
            throw SourceException.Unfit(what, $"it is not a list of kernel-crawler: {e.Message}", e);
        }
    }

    private List<SourceKernel> Read(ReadOnlyMemory<byte> json)
    {
        using var list = JsonDocument.Parse(json);
        var kernels = new List<SourceKernel>();
        foreach (var distro in list.RootElement.EnumerateObject())
        {
            foreach (var item in distro.Value.EnumerateArray())
            {
                if (kernels.Count == MostKernels) throw new FormatException($"it lists more than {MostKernels} kernels");
                if (KernelOf(distro.Name, item) is { } kernel) kernels.Add(kernel);
            }
        }

        return kernels;
    }

    private CrawledKernel? KernelOf(string group, JsonElement item)
    {
        var release = Text(item, "kernelrelease") ?? throw new FormatException($"an item of {group} has no kernelrelease");
        if (KernelName.Fault("release", release) is not null) return null;
        var (distro, version) = CrawlerTargets.Read(Text(item, "target") ?? group, release, Text(item, "kernelversion") ?? "");
        return KernelName.Fault("distro", distro) is null
            ? new(distro, version, KernelName.ArchOfRelease(release) ?? arch, release)
            : null;
    }

    private static string? Text(JsonElement item, string property) => !item.TryGetProperty(property, out var value) ? null
        : value.ValueKind == JsonValueKind.String ? value.GetString() : value.GetRawText();
}
