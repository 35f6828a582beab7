using Microsoft.EntityFrameworkCore;

namespace Relo.Archive.Index;

/// <summary>Which BTF any row names: the one place that knows all tables that do, for those who look for files nobody needs.</summary>
internal static class BtfInUse
{
    /// <summary>Their digests, 64 hexadecimal digits each.</summary>
    /// <param name="db">The index.</param>
    /// <param name="except">Ids of kernels that do not count.</param>
    /// <param name="ct">Cancels.</param>
    public static async Task<HashSet<string>> BtfInUseAsync(this ArchiveDb db, IEnumerable<string> except, CancellationToken ct)
    {
        var ignored = except.ToHashSet(StringComparer.Ordinal);
        var kernels = await db.Kernels.AsNoTracking().Select(k => new { k.Id, k.Btf }).ToListAsync(ct);
        var modules = await db.Modules.AsNoTracking().Select(m => new { Id = m.KernelId, m.Btf }).ToListAsync(ct);
        return [.. kernels.Concat(modules).Where(row => !ignored.Contains(row.Id)).Select(row => row.Btf)];
    }
}
