using Microsoft.Extensions.Options;
using Relo.Api.Caching;
using Relo.Api.Http.Limits;
using Relo.Api.Http.Problems;
using Relo.Api.Work;
using Relo.Archive.Export;
using Relo.Archive.Kernels;
using Relo.Archive.OnDemand;
using Relo.Core.Bytes;

namespace Relo.Api.BtfHubOnline;

/// <summary>Kernel BTF as BTFHub packs it. Packing takes about a second, so the result is cached.</summary>
internal sealed class PackedBtf(KernelOpener kernels, WorkGate gate, MemoryBudget budget, IOptions<ResultOptions> options)
{
    // Memory while packing, as a multiple of the BTF: the tar in memory, and the packed file.
    private const int Copies = 5;

    // The release is the name of the file inside.
    private readonly SingleFlightCache<(Digest Btf, string Release), Tarball> _packed =
        new(options.Value.PackedBytes, tarball => tarball.Bytes.Length, isOfOneCaller: RefusedException.IsOfOneClient);

    /// <summary>Counters of the cache.</summary>
    public CacheTally Tally => _packed.Tally;

    /// <summary>The packed BTF of a kernel.</summary>
    public async Task<Tarball> OfAsync(Kernel kernel, CancellationToken cancellation)
        => (await _packed.GetAsync((kernel.Btf, kernel.Release), stop => PackAsync(kernel, stop), cancellation))!;

    private async Task<Tarball?> PackAsync(Kernel kernel, CancellationToken stop)
    {
        using var btf = await kernels.OpenAsync(kernel, stop);
        return await gate.RunAsync(
            end =>
            {
                using var memory = budget.Share(MemoryUse.Work).Take(Copies * (long)btf.Bytes.Length);
                var bytes = BtfTarball.Write(kernel.Release, btf.Bytes, end);
                return new Tarball(bytes, Digest.Of(bytes));
            },
            stop);
    }
}
