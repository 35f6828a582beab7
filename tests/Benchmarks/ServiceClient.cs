using System.Net.Http.Headers;

namespace Relo.Benchmarks;

/// <summary>The data that benchmarks add to the service.</summary>
internal static class ServiceClient
{
    private static readonly MediaTypeHeaderValue Binary = new("application/octet-stream");

    /// <summary>Registers a kernel.</summary>
    public static async Task AddKernelAsync(this ServiceProcess service, CorpusKernel kernel) =>
        await service.AddKernelAsync(kernel.Id, await File.ReadAllBytesAsync(kernel.Path));

    /// <summary>Registers a kernel.</summary>
    public static async Task AddKernelAsync(this ServiceProcess service, string id, byte[] btf)
    {
        if (id.Split('/') is not [var distro, var version, var arch, var release])
            throw new ArgumentException($"{id} is no id", nameof(id));
        var query = $"distro={distro}&version={version}&arch={arch}&release={Uri.EscapeDataString(release)}";
        using var body = new ByteArrayContent(btf) { Headers = { ContentType = Binary } };
        using var answer = await service.Client.PostAsync(new Uri($"/v1/kernels?{query}", UriKind.Relative), body);
        await CheckAsync(answer);
    }

    /// <summary>Stores an object under a tag.</summary>
    public static async Task AddObjectAsync(this ServiceProcess service, string tag, byte[] file)
    {
        using var body = new ByteArrayContent(file) { Headers = { ContentType = Binary } };
        using var answer = await service.Client.PostAsync(new Uri($"/v1/objects?name={tag}", UriKind.Relative), body);
        await CheckAsync(answer);
    }

    private static async Task CheckAsync(HttpResponseMessage answer)
    {
        if (!answer.IsSuccessStatusCode)
            throw new InvalidOperationException($"{answer.RequestMessage?.RequestUri}: {await answer.Content.ReadAsStringAsync()}");
    }
}
