using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Relo.Archive;
using Relo.Core.Btf;

namespace Relo.Benchmarks.Core;

/// <summary>An archive of its own, of which one kernel at a time is opened as the service opens it.</summary>
internal sealed class OpenedKernels : IAsyncDisposable
{
    private readonly ServiceProvider _services;
    private Kernel? _kernel;

    private OpenedKernels(ServiceProvider services) => _services = services;

    /// <summary>Makes it in a folder.</summary>
    public static async Task<OpenedKernels> StartAsync(string root)
    {
        var settings = new Dictionary<string, string?> { ["Archive:Root"] = root, ["Archive:RegisterHostKernel"] = "false", ["Archive:Upstream:BaseUrl"] = "" };
        var services = new ServiceCollection().AddLogging().AddArchive(new ConfigurationBuilder().AddInMemoryCollection(settings).Build()).BuildServiceProvider();
        await services.GetRequiredService<ArchiveStartup>().StartAsync(CancellationToken.None);
        return new(services);
    }

    /// <summary>Adds a kernel, which is the one from now on.</summary>
    public async Task AddAsync(string path)
    {
        var release = Path.GetFileNameWithoutExtension(path);
        var added = await _services.GetRequiredService<KernelStore>().AddAsync(await File.ReadAllBytesAsync(path), new(null, null, "x86_64", release), "upload", replace: false, CancellationToken.None);
        _kernel = added is Added { Kernel: var kernel } ? kernel : throw new InvalidOperationException($"{path} was not added: {added}");
    }

    /// <summary>Opens the kernel, uses it, and closes it.</summary>
    public T Pass<T>(Func<BtfTypes, T> use)
    {
        using var lease = _services.GetRequiredService<BtfCache>().OpenWithModules(_kernel!, keep: false)!;
        return use(lease.Types);
    }

    public ValueTask DisposeAsync() => _services.DisposeAsync();
}
