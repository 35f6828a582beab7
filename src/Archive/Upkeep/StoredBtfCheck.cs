using Relo.Archive.Blobs;
using Relo.Archive.Faults;
using Relo.Archive.Index;
using Relo.Archive.Kernels;
using Relo.Core.Btf;
using Relo.Core.Bytes;
using Relo.Core.Relocation;

namespace Relo.Archive.Upkeep;

/// <summary>
/// Checks that the BTF of kernels and their modules exists, holds the stored bytes, can be opened, and matches its index, if it has one.
/// </summary>
internal sealed class StoredBtfCheck(IBlobStore blobs, IndexFolder indexes, LayoutCheck layouts)
{
    /// <summary>The faults; each text begins with the affected kernels or module.</summary>
    /// <param name="sharing">Kernels, with their modules, that share one BTF, so that it is read once.</param>
    /// <param name="ct">Cancels.</param>
    public async Task<List<string>> FaultsOfAsync(IReadOnlyList<KernelRow> sharing, CancellationToken ct)
    {
        var whose = string.Join(", ", sharing.Select(k => k.Id));
        using var kernel = await OpenAsync(new(Digest.Parse(sharing[0].Btf), null), splitBase: null, ct);
        if (kernel.Types is null) return [$"{whose}: {kernel.Fault}"];
        List<string> faults = kernel.Fault is null ? [] : [$"{whose}: {kernel.Fault}"];
        faults.AddRange(sharing.Where(k => k.BtfSizeBytes != kernel.SizeBytes)
            .Select(k => $"{k.Id}: its row has {k.BtfSizeBytes} bytes, the file has {kernel.SizeBytes}"));
        foreach (var row in sharing)
            foreach (var module in row.Modules) faults.AddRange(await FaultsOfAsync(module, row, kernel.Types, ct));
        if (faults.Count > 0) return faults;
        foreach (var row in sharing.Where(layouts.Has))
            if (await LayoutFaultAsync(row, kernel.Types, ct) is { } fault) faults.Add($"{row.Id}: {fault}");
        return faults;
    }

    private async Task<string?> LayoutFaultAsync(KernelRow row, BtfTypes kernel, CancellationToken ct)
    {
        var opened = new List<ReadBtf>();
        try
        {
            var modules = new List<ModuleTypes>();
            foreach (var module in row.ToKernel().ModuleBtf)
            {
                opened.Add(await OpenAsync(new(module.Btf, Digest.Parse(row.Btf)), kernel, ct));
                if (opened[^1].Types is not { } types) return null; // deleted meanwhile
                modules.Add(new(module.Name, types));
            }

            return layouts.FaultOf(row, new(kernel, modules));
        }
        finally
        {
            opened.ForEach(one => one.Dispose());
        }
    }

    private async Task<List<string>> FaultsOfAsync(ModuleRow module, KernelRow row, BtfTypes kernel, CancellationToken ct)
    {
        var kernelBtf = Digest.Parse(row.Btf);
        // Inline sites are split BTF on their module's; faults of that base are reported for the module.
        var owner = InlineSites.BaseOf(module.Name) is { } name && name != InlineSites.Kernel
            ? row.Modules.Find(m => m.Name == name)
            : null;
        using var on = owner is null ? default : await OpenAsync(new(Digest.Parse(owner.Btf), kernelBtf), kernel, ct);
        using var own = await OpenAsync(new(Digest.Parse(module.Btf), kernelBtf), on.Types ?? kernel, ct);
        var whose = $"{module.KernelId}, module {module.Name}";
        List<string> faults = own.Fault is null ? [] : [$"{whose}: {own.Fault}"];
        if (own.Types is not null && own.SizeBytes != module.BtfSizeBytes)
            faults.Add($"{whose}: its row has {module.BtfSizeBytes} bytes, the file has {own.SizeBytes}");
        return faults;
    }

    private async Task<ReadBtf> OpenAsync(IndexName name, BtfTypes? splitBase, CancellationToken ct)
    {
        MappedBlob? blob = null;
        try
        {
            blob = await blobs.ReadAsync(name.Btf, ct);
            if (blob is null) return new(await MissingAsync(name.Btf, ct), null, null);
            var types = BtfReader.Read(blob.Memory, splitBase);
            return new(IndexFault(name, types), types, blob);
        }
        catch (CorruptBlobException e)
        {
            return new(e.Message, null, blob);
        }
        catch (MalformedObjectException e)
        {
            return new($"its BTF cannot be opened: {e.Message}", null, blob);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return new($"its BTF cannot be read: {e.Message}", null, blob);
        }
    }

    private async Task<string> MissingAsync(Digest btf, CancellationToken ct) =>
        await blobs.HasAsync(btf, ct, BlobPlace.Quarantined)
            ? $"its file was damaged and is in quarantine, {blobs.NameOf(btf, BlobPlace.Quarantined)}; add the kernel or module again"
            : $"its file {blobs.NameOf(btf)} is missing; add the kernel or module again";

    private string? IndexFault(IndexName name, BtfTypes types)
    {
        var path = indexes.PathOf(name);
        try
        {
            return BtfIndexFile.IsSound(File.ReadAllBytes(path), types, new(name.Btf, name.Base, Stamp: 0))
                ? null
                : $"the index {path} is damaged; delete it, and it is rebuilt when the BTF is next opened";
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            return null; // never opened, or deleted meanwhile
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return $"the index {path} cannot be read, so the BTF is opened without it: {e.Message}";
        }
    }

    /// <summary>The result of reading a BTF.</summary>
    /// <param name="Fault">The fault of the BTF, if there are no types, else of its index.</param>
    /// <param name="Types">Its types.</param>
    /// <param name="Blob">Its bytes.</param>
    private readonly record struct ReadBtf(string? Fault, BtfTypes? Types, MappedBlob? Blob) : IDisposable
    {
        public long SizeBytes => Blob?.Memory.Length ?? 0;

        public void Dispose() => ((IDisposable?)Blob)?.Dispose();
    }
}
