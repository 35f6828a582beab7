using Microsoft.Extensions.Logging;
using Relo.Archive.Blobs;
using Relo.Archive.Faults;
using Relo.Archive.Kernels;
using Relo.Core.Btf;
using Relo.Core.Bytes;

namespace Relo.Archive.Opened;

/// <summary>Tables of the names in kernels' modules, one file per kernel with modules: built on import, and rebuilt if missing.</summary>
internal sealed class ModuleNameFiles(IBlobStore blobs, IndexFolder indexes, ILogger log)
{
    /// <summary>Opens the table of a kernel, or builds it.</summary>
    /// <param name="kernel">The kernel.</param>
    /// <param name="types">Its own types.</param>
    /// <returns>Null if a module cannot be read: then each must be searched, and opening the bad one reports the fault.</returns>
    public OpenedModuleNames? Open(Kernel kernel, BtfTypes types)
    {
        var name = IndexName.OfModules(kernel);
        if (OpenFile(name, kernel.ModuleBtf.Count) is { } opened) return opened;
        var hashes = new uint[kernel.ModuleBtf.Count][];
        var isWhole = true;
        Parallel.For(0, hashes.Length, new ParallelOptions { MaxDegreeOfParallelism = Environment.ProcessorCount }, (i, loop) =>
        {
            if (HashesOf(kernel.ModuleBtf[i].Btf, types) is { } known)
            {
                hashes[i] = known;
                return;
            }

            Volatile.Write(ref isWhole, false);
            loop.Stop();
        });
        if (!isWhole) return null;
        var file = ModuleNames.Write(hashes);
        TryPut(name, file);
        return new(ModuleNames.Open(file, hashes.Length)!, null);
    }

    /// <summary>Stores the table of a kernel whose module names are known.</summary>
    /// <param name="kernel">The kernel.</param>
    /// <param name="hashes">The results of <see cref="ModuleNames.HashesOf"/>, by module name.</param>
    public void Put(Kernel kernel, IReadOnlyDictionary<string, uint[]> hashes)
    {
        // If the kernel has other modules as well, the table is built when first needed.
        if (kernel.ModuleBtf.Count > 0 && kernel.ModuleBtf.All(m => hashes.ContainsKey(m.Name)))
            TryPut(IndexName.OfModules(kernel), ModuleNames.Write([.. kernel.ModuleBtf.Select(m => hashes[m.Name])]));
    }

    private OpenedModuleNames? OpenFile(IndexName name, int modules)
    {
        if (indexes.Map(name) is not { } blob) return null;
        if (ModuleNames.Open(blob.Memory, modules) is { } names) return new(names, blob);
        ((IDisposable)blob).Dispose();
        return null;
    }

    private uint[]? HashesOf(Digest module, BtfTypes kernel)
    {
        try
        {
            using var blob = blobs.Open(module);
            return blob is null ? null : ModuleNames.HashesOf(BtfReader.Read(blob.Memory, kernel));
        }
        catch (Exception e) when (e is CorruptBlobException or MalformedObjectException or IOException or UnauthorizedAccessException)
        {
            return null; // opening the module reports this and quarantines it
        }
    }

    private void TryPut(IndexName name, byte[] file)
    {
        try
        {
            indexes.Put(name, file);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            log.LogWarning(
                "The names in the modules of a kernel cannot be stored in {Folder}, "
                + "so that all modules are read when one is needed: {Reason}",
                indexes.Root, e.Message);
        }
    }
}
