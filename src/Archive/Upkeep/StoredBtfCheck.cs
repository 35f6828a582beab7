using Relo.Archive.Blobs;
using Relo.Archive.Index;
using Relo.Archive.Opened;
using Relo.Core.Btf;
using Relo.Core.Bytes;

namespace Relo.Archive.Upkeep;

/// <summary>
/// Checks that the BTF of kernels and their modules exists, holds the stored bytes, can be opened, and matches its index, if it has one.
/// </summary>
internal sealed class StoredBtfCheck(ArchiveFolders folders)
{
    /// <summary>What is wrong; each text begins with the kernels or the module concerned.</summary>
    /// <param name="sharing">Kernels, with their modules, that share one BTF, so that it is read once.</param>
    public IEnumerable<string> FaultsOf(IReadOnlyList<KernelRow> sharing)
    {
        var whose = string.Join(", ", sharing.Select(k => k.Id));
        var fault = Open(new(Digest.Parse(sharing[0].Btf), null), splitBase: null, out var kernel, out var blob);
        using IDisposable? _ = blob;
        if (kernel is null) return [$"{whose}: {fault}"];
        return (fault is null ? Enumerable.Empty<string>() : [$"{whose}: {fault}"])
            .Concat(sharing.Where(k => k.BtfSizeBytes != blob!.Memory.Length)
                .Select(k => $"{k.Id}: its row says {k.BtfSizeBytes} bytes, the file has {blob!.Memory.Length}"))
            .Concat(sharing.SelectMany(k => k.Modules, (k, module) => FaultsOf(module, k, kernel)).SelectMany(faults => faults))
            .ToList(); // evaluated while the blob is open
    }

    private IEnumerable<string> FaultsOf(ModuleRow module, KernelRow row, BtfTypes kernel)
    {
        var (on, kernelBtf) = (kernel, Digest.Parse(row.Btf));
        IDisposable? onBlob = null;
        // Inline sites are split BTF on their module's; faults of that base are reported for the module.
        if (InlineSites.BaseOf(module.Name) is { } name && name != InlineSites.Kernel && row.Modules.Find(m => m.Name == name) is { } owner)
        {
            Open(new(Digest.Parse(owner.Btf), kernelBtf), kernel, out var types, out var blob);
            (on, onBlob) = (types ?? kernel, blob);
        }

        using (onBlob)
        {
            var whose = $"{module.KernelId}, module {module.Name}";
            var fault = Open(new(Digest.Parse(module.Btf), kernelBtf), on, out var types, out var blob);
            using IDisposable? _ = blob;
            if (fault is not null) yield return $"{whose}: {fault}";
            if (types is not null && blob!.Memory.Length != module.BtfSizeBytes)
                yield return $"{whose}: its row says {module.BtfSizeBytes} bytes, the file has {blob.Memory.Length}";
        }
    }

    /// <returns>What is wrong with the BTF, if <paramref name="types"/> are null, or else with its index.</returns>
    private string? Open(IndexName name, BtfTypes? splitBase, out BtfTypes? types, out MappedBlob? blob)
    {
        (types, blob) = (null, null);
        var path = folders.Btf.PathOf(name.Btf);
        try
        {
            blob = MappedBlob.Open(path, name.Btf);
            if (blob is null) return Missing(name.Btf, path);
            types = BtfReader.Read(blob.Memory, splitBase);
            return IndexFault(name, types);
        }
        catch (CorruptBlobException e)
        {
            return e.Message;
        }
        catch (MalformedObjectException e)
        {
            return $"its BTF cannot be opened: {e.Message}";
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return $"its BTF cannot be read: {e.Message}";
        }
    }

    private string Missing(Digest btf, string path) => File.Exists(Path.Combine(folders.QuarantinedBtf, btf.Hex))
        ? $"its file was damaged and is in quarantine, {Path.Combine(folders.QuarantinedBtf, btf.Hex)}; add it again"
        : $"there is no file {path}; add it again";

    private string? IndexFault(IndexName name, BtfTypes types)
    {
        var path = folders.Indexes.PathOf(name);
        try
        {
            return BtfIndexFile.IsSound(File.ReadAllBytes(path), types, new(name.Btf, name.Base, Stamp: 0))
                ? null
                : $"the index {path} is damaged; delete it, it is made again when the BTF is opened the next time";
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            return null; // never opened, or deleted meanwhile
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return $"the index {path} cannot be read, so that the BTF is opened without: {e.Message}";
        }
    }
}
