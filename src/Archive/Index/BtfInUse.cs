using Microsoft.EntityFrameworkCore;

namespace Relo.Archive.Index;

/// <summary>
/// The BTF that at least one row names. This is the one place that knows all tables with BTF digests; used to find unused files.
/// </summary>
internal static class BtfInUse
{
    /// <summary>The digests, 64 hexadecimal digits each.</summary>
    /// <param name="db">The index.</param>
    /// <param name="except">Ids of kernels to ignore.</param>
    /// <param name="ct">Cancels.</param>
    public static async Task<HashSet<string>> BtfInUseAsync(this ArchiveDb db, IEnumerable<string> except, CancellationToken ct)
    {
        var ignored = except.ToHashSet(StringComparer.Ordinal);
        var kernels = await db.Kernels.AsNoTracking().Select(k => new { k.Id, k.Btf }).ToListAsync(ct);
        var modules = await db.Modules.AsNoTracking().Select(m => new { Id = m.KernelId, m.Btf }).ToListAsync(ct);
        return [.. kernels.Concat(modules).Where(row => !ignored.Contains(row.Id)).Select(row => row.Btf)];
    }
}
