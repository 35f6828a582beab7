using Relo.Archive.Blobs;
using Relo.Archive.Index;
using Relo.Core.Bytes;

namespace Relo.Archive.Kernels.Store;

/// <summary>Modules and inline sites that fit their kernel and whose BTF is stored, ready for the transaction that adds them.</summary>
/// <param name="All">What to add.</param>
/// <param name="Digests">The digest of each.</param>
internal sealed record CheckedModules(List<NamedBtf> All, Digest[] Digests)
{
    /// <summary>Stores their BTF: before the transaction, because other writers wait for it.</summary>
    public static async Task<CheckedModules> StoreAsync(List<NamedBtf> modules, IBlobStore btf, CancellationToken ct) =>
        new(modules, await btf.PutAllAsync(modules.ConvertAll(m => m.Btf), ct));

    /// <summary>Stores again what a deletion removed since. Within the transaction: from here on, deletions wait for it.</summary>
    public async Task StoreMissingAsync(IBlobStore btf)
    {
        for (var i = 0; i < Digests.Length; i++)
            if (!await btf.HasAsync(Digests[i], CancellationToken.None)) await btf.PutAsync(Digests[i], All[i].Btf, CancellationToken.None);
    }

    /// <summary>Their rows, for any kernel.</summary>
    public List<ModuleRow> RowsAt(DateTimeOffset now) => [.. All.Select((module, i) => new ModuleRow
    {
        KernelId = "",
        Name = module.Name,
        Btf = Digests[i].Hex,
        BtfSizeBytes = module.Btf.Length,
        AddedAt = now.UtcTicks,
    })];

    /// <summary>The hashes of the names in each module.</summary>
    public Dictionary<string, uint[]> NameHashes() => All.Where(m => InlineSites.BaseOf(m.Name) is null)
        .ToDictionary(m => m.Name, m => m.NameHashes, StringComparer.Ordinal);
}
