using Relo.Archive.Blobs;
using Relo.Archive.Index;
using Relo.Core.Btf;
using Relo.Core.Bytes;

namespace Relo.Archive.Upkeep;

/// <summary>Whether the BTF of some kernels, and of their modules, is there, holds the bytes that were stored, and can be opened.</summary>
internal static class StoredBtfCheck
{
    /// <summary>What is wrong, in words that begin with the kernels or the module it belongs to.</summary>
    /// <param name="folder">Where BTF is stored.</param>
    /// <param name="sharing">Kernels that have the same BTF, so that it is read once; their modules included.</param>
    public static IEnumerable<string> FaultsOf(BlobFolder folder, IReadOnlyList<KernelRow> sharing)
    {
        var whose = string.Join(", ", sharing.Select(k => k.Id));
        var fault = Open(folder, sharing[0].Btf, splitBase: null, out var kernel, out var blob);
        using IDisposable? _ = blob;
        if (fault is not null) return [$"{whose}: {fault}"];
        return sharing.Where(k => k.BtfSizeBytes != blob!.Memory.Length).Select(k => $"{k.Id}: its row says {k.BtfSizeBytes} bytes, the file has {blob!.Memory.Length}")
            .Concat(sharing.SelectMany(k => k.Modules).SelectMany(module => FaultsOf(folder, module, kernel!)))
            .ToList(); // while the blob is open
    }

    private static IEnumerable<string> FaultsOf(BlobFolder folder, ModuleRow module, BtfTypes kernel)
    {
        var whose = $"{module.KernelId}, module {module.Name}";
        var fault = Open(folder, module.Btf, kernel, out var types, out var blob);
        using IDisposable? _ = blob;
        if (fault is not null) return [$"{whose}: {fault}"];
        return blob!.Memory.Length == module.BtfSizeBytes ? [] : [$"{whose}: its row says {module.BtfSizeBytes} bytes, the file has {blob.Memory.Length}"];
    }

    private static string? Open(BlobFolder folder, string hex, BtfTypes? splitBase, out BtfTypes? types, out MappedBlob? blob)
    {
        var digest = Digest.Parse(hex);
        (types, blob) = (null, null);
        try
        {
            blob = MappedBlob.Open(folder.PathOf(digest), digest);
            if (blob is null) return $"there is no file {folder.PathOf(digest)}";
            types = BtfReader.Read(blob.Memory, splitBase);
            return null;
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
}
