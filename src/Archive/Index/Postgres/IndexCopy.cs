using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using Relo.Archive.Index.Sqlite;

namespace Relo.Archive.Index.Postgres;

/// <summary>Copies all rows to a new SQLite file, so that the backup of any engine is a whole archive for one machine.</summary>
internal static class IndexCopy
{
    // Rows in memory at a time; a kernel may have thousands of modules.
    private const int Kernels = 50, Objects = 1000;

    /// <param name="from">The index, in a transaction that sees one snapshot.</param>
    /// <param name="file">A file that does not exist.</param>
    /// <param name="ct">Cancels.</param>
    public static async Task ToFileAsync(ArchiveDb from, string file, CancellationToken ct)
    {
        await using var to = new ArchiveDb(SqliteEngine.Options(SqliteEngine.Unpooled($"Data Source={file}")).Options);
        await AppliedMigration.RecordAsync(to, to.Database.GetMigrations(), ct);
        await to.Database.MigrateAsync(ct);
        await using (var transaction = await to.Database.BeginTransactionAsync(ct))
        {
            await CopyAsync(
                last => from.Kernels.Include(k => k.Modules).Where(k => string.Compare(k.Id, last) > 0).OrderBy(k => k.Id).Take(Kernels),
                kernel => kernel.Id);
            await CopyAsync(
                last => from.Objects.Include(o => o.Tags).Where(o => string.Compare(o.Digest, last) > 0).OrderBy(o => o.Digest)
                    .Take(Objects),
                stored => stored.Digest);
            await transaction.CommitAsync(ct);
        }

        await to.Database.OpenConnectionAsync(ct);
        SqliteFile.MakeSingle((SqliteConnection)to.Database.GetDbConnection());

        async Task CopyAsync<T>(Func<string, IQueryable<T>> after, Func<T, string> key)
            where T : class
        {
            for (var last = ""; await after(last).AsNoTracking().ToListAsync(ct) is [.., var end] rows; last = key(end))
            {
                to.AddRange(rows);
                await to.SaveChangesAsync(ct);
                to.ChangeTracker.Clear();
            }
        }
    }
}
