using Relo.Api.Tests.Fixtures;
using Relo.Core.Tests.Fixtures;

namespace Relo.Browser.Fixtures;

/// <summary>Objects of libbpf-tools and kernels of the corpus; a test that needs one is skipped where it is missing.</summary>
internal static class RealInputs
{
    private static readonly string Kernels = Path.Combine(
        Environment.GetEnvironmentVariable("RELO_CACHE")
            ?? Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".cache", "relo"), "kernels");

    /// <summary>The object of a tool.</summary>
    public static byte[] Tool(string name)
    {
        var tool = LibbpfTools.Objects.FirstOrDefault(o => o.Name == name).Bytes;
        Assert.SkipWhen(tool is null, "libbpf-tools is not installed");
        return tool!;
    }

    /// <summary>The largest object of libbpf-tools.</summary>
    public static (string Name, byte[] Bytes) Largest()
    {
        Assert.SkipWhen(LibbpfTools.Objects.Count == 0, "libbpf-tools is not installed");
        return LibbpfTools.Objects.MaxBy(o => o.Bytes.Length);
    }

    /// <summary>Adds the first kernel of the corpus in this folder; returns its id.</summary>
    public static async Task<string> AddKernelAsync(ServiceHost service, string folder, string release = "*")
    {
        var path = Path.Combine(Kernels, folder);
        var file = Directory.Exists(path)
            ? Directory.EnumerateFiles(path, release + ".btf").Order(StringComparer.Ordinal).FirstOrDefault()
            : null;
        Assert.SkipWhen(file is null, "tests/corpus/make did not fetch the kernel");
        var (parts, name) = (folder.Split('/'), Path.GetFileNameWithoutExtension(file!));
        using var body = new ByteArrayContent(await File.ReadAllBytesAsync(file!))
        {
            Headers = { ContentType = new("application/octet-stream") },
        };
        var query = $"distro={parts[0]}&version={parts[1]}&arch={parts[2]}&release={Uri.EscapeDataString(name)}";
        (await service.Http.PostAsync($"/v1/kernels?{query}", body)).EnsureSuccessStatusCode();
        return $"{folder}/{name}";
    }

    /// <summary>Keeps an object under a tag.</summary>
    public static async Task KeepAsync(ServiceHost service, string tag, byte[] bytes)
    {
        using var body = new ByteArrayContent(bytes) { Headers = { ContentType = new("application/octet-stream") } };
        (await service.Http.PostAsync($"/v1/objects?name={tag}", body)).EnsureSuccessStatusCode();
    }

    /// <summary>Puts made-up BTF into the archive.</summary>
    public static async Task AddAsync(ServiceHost service, string distro, string release, byte[] btf, string arch = "x86_64")
    {
        using var body = new ByteArrayContent(btf) { Headers = { ContentType = new("application/octet-stream") } };
        (await service.Http.PostAsync($"/v1/kernels?distro={distro}&version=1&arch={arch}&release={release}", body)).EnsureSuccessStatusCode();
    }
}
