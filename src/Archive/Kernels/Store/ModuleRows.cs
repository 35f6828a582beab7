using Relo.Archive.Index;

namespace Relo.Archive.Kernels.Store;

/// <summary>Compares and merges modules with those of a kernel in the database.</summary>
internal static class ModuleRows
{
    /// <summary>The first module that a kernel has with other BTF.</summary>
    public static (KernelRow Kernel, string Module)? FindOther(List<KernelRow> rows, List<ModuleRow> incoming)
    {
        var wanted = incoming.ToDictionary(m => m.Name, m => m.Btf, StringComparer.Ordinal);
        foreach (var row in rows)
            if (row.Modules.Find(m => wanted.TryGetValue(m.Name, out var btf) && btf != m.Btf) is { } other) return (row, other.Name);
        return null;
    }

    /// <summary>Adds modules to a kernel, and collects the digests of the BTF that they replace.</summary>
    /// <returns>Whether anything changed.</returns>
    public static bool Merge(KernelRow kernel, List<ModuleRow> incoming, List<string> replaced)
    {
        var there = kernel.Modules.ToDictionary(m => m.Name, StringComparer.Ordinal);
        var isNew = false;
        foreach (var module in incoming)
        {
            if (!there.TryGetValue(module.Name, out var own))
            {
                kernel.Modules.Add(new()
                {
                    KernelId = kernel.Id,
                    Name = module.Name,
                    Btf = module.Btf,
                    BtfSizeBytes = module.BtfSizeBytes,
                    AddedAt = module.AddedAt,
                });
            }
            else if (own.Btf != module.Btf)
            {
                replaced.Add(own.Btf);
                // Inline sites are split from the old BTF, so they are invalid with the new one.
                if (there.GetValueOrDefault(InlineSites.NameOf(module.Name)) is { } stale && kernel.Modules.Remove(stale))
                {
                    replaced.Add(stale.Btf);
                    there.Remove(stale.Name);
                }

                (own.Btf, own.BtfSizeBytes, own.AddedAt) = (module.Btf, module.BtfSizeBytes, module.AddedAt);
            }
            else
            {
                continue;
            }

            isNew = true;
        }

        return isNew;
    }
}
