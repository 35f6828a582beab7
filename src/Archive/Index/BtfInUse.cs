using Microsoft.EntityFrameworkCore;
using Relo.Core.Bytes;

namespace Relo.Archive.Index;

/// <summary>
/// The BTF that at least one row names. This is the one place that knows all tables with BTF digests; used to find unused files.
/// </summary>
internal static class BtfInUse
{
    /// <summary>The digests. Rows are read one at a time: an archive with modules has hundreds of thousands.</summary>
    /// <param name="db">The index.</param>
    /// <param name="except">Ids of kernels to ignore.</param>
    /// <param name="ct">Cancels.</param>
    public static async Task<HashSet<Digest>> BtfInUseAsync(this ArchiveDb db, IEnumerable<string> except, CancellationToken ct)
    {
        var ignored = except.ToHashSet(StringComparer.Ordinal);
        var used = new HashSet<Digest>();
        var rows = db.Kernels.Select(k => new { k.Id, k.Btf }).Concat(db.Modules.Select(m => new { Id = m.KernelId, m.Btf }));
        await foreach (var row in rows.AsAsyncEnumerable().WithCancellation(ct))
            if (!ignored.Contains(row.Id) && Digest.TryParse(row.Btf, out var digest)) used.Add(digest);
        return used;
    }
}
