using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Relo.Archive;
using Relo.Archive.Index;
using Relo.Archive.Kernels;
using Relo.Archive.Kernels.Store;
using Relo.Archive.Opened;
using Relo.Core.Btf;

namespace Relo.Benchmarks.Core;

/// <summary>A separate archive, whose kernels are opened as the service opens them.</summary>
internal sealed class OpenedKernels : IAsyncDisposable
{
    private readonly ServiceProvider _services;
    private Kernel? _kernel;

    private OpenedKernels(ServiceProvider services) => _services = services;

    /// <summary>Creates it in a folder.</summary>
    public static async Task<OpenedKernels> StartAsync(string root)
    {
        var settings =
            new Dictionary<string, string?> { ["Archive:Root"] = root, ["Archive:RegisterHostKernel"] = "false", ["Archive:Upstream:BaseUrl"] = "" };
        var services = new ServiceCollection().AddLogging().AddArchive(new ConfigurationBuilder().AddInMemoryCollection(settings).Build())
            .BuildServiceProvider();
        await services.GetRequiredService<ArchiveStartup>().StartAsync(CancellationToken.None);
        return new(services);
    }

    /// <summary>Adds a kernel and makes it the current one.</summary>
    public async Task AddAsync(byte[] btf, string release)
    {
        var added = await _services.GetRequiredService<KernelStore>()
            .AddAsync(btf, new(null, null, "x86_64", release), "upload", replace: false, CancellationToken.None);
        _kernel = added is Added { Kernel: var kernel } ? kernel : throw new InvalidOperationException($"{release} was not added: {added}");
    }

    /// <summary>All added kernels.</summary>
    public IReadOnlyList<Kernel> All() => _services.GetRequiredService<KernelIndex>().Matching(new()).ToList();

    /// <summary>Bytes of the open kernels.</summary>
    public long BytesOpen => _services.GetRequiredService<BtfCache>().BytesOpen;

    /// <summary>Opens a kernel and uses it; it stays open as long as the cache has room.</summary>
    public T Keep<T>(Kernel kernel, Func<BtfTypes, T> use)
    {
        using var lease = _services.GetRequiredService<BtfCache>().OpenWithModules(kernel)!;
        return use(lease.Types);
    }

    /// <summary>Opens the kernel, uses it, and closes it.</summary>
    public T Pass<T>(Func<BtfTypes, T> use)
    {
        using var lease = _services.GetRequiredService<BtfCache>().OpenWithModules(_kernel!, keep: false)!;
        return use(lease.Types);
    }

    public ValueTask DisposeAsync() => _services.DisposeAsync();
}
