using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using Relo.Archive.Index.Sqlite;

namespace Relo.Archive.Index.Postgres;

/// <summary>
/// Copies the index to a new SQLite file, so that the backup of any engine is a whole archive for one machine. Layouts and the lists of
/// sources are left out: the service reads them again.
/// </summary>
internal static class IndexCopy
{
    // Rows in memory at a time; a kernel may have thousands of modules.
    private const int Kernels = 50, Objects = 1000, Entries = 1000;

    /// <param name="from">The index, in a transaction that sees one snapshot.</param>
    /// <param name="file">A file that does not exist.</param>
    /// <param name="ct">Cancels.</param>
    public static async Task ToFileAsync(ArchiveDb from, string file, CancellationToken ct)
    {
        await using var to = new ArchiveDb(SqliteEngine.Options(SqliteEngine.Unpooled($"Data Source={file}")).Options);
        to.CopiesTrail = true;
        await AppliedMigration.RecordAsync(to, to.Database.GetMigrations(), ct);
        await to.Database.MigrateAsync(ct);
        await using (var transaction = await to.Database.BeginTransactionAsync(ct))
        {
            await CopyAsync(
                "",
                last => from.Kernels.Include(k => k.Modules).Where(k => string.Compare(k.Id, last) > 0).OrderBy(k => k.Id).Take(Kernels),
                kernel => kernel.Id);
            await CopyAsync(
                "",
                last => from.Objects.Include(o => o.Tags).Where(o => string.Compare(o.Digest, last) > 0).OrderBy(o => o.Digest)
                    .Take(Objects),
                stored => stored.Digest);
            await CopyAsync(0L, last => from.AuditEntries.Where(e => e.Number > last).OrderBy(e => e.Number).Take(Entries), e => e.Number);
            await transaction.CommitAsync(ct);
        }

        await to.Database.OpenConnectionAsync(ct);
        SqliteFile.MakeSingle((SqliteConnection)to.Database.GetDbConnection());

        async Task CopyAsync<T, TKey>(TKey first, Func<TKey, IQueryable<T>> after, Func<T, TKey> key)
            where T : class
        {
            for (var last = first; await after(last).AsNoTracking().ToListAsync(ct) is [.., var end] rows; last = key(end))
            {
                to.AddRange(rows);
                await to.SaveChangesAsync(ct);
                to.ChangeTracker.Clear();
            }
        }
    }
}
