using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Storage;
using Npgsql;

namespace Relo.Archive.Faults;

/// <summary>
/// A failure of the disk or the database: not a defect of Relo, and resolved once there is space or the lock is released.
/// </summary>
/// <param name="Reason">The reason, without paths, because clients read it.</param>
/// <param name="RetryAfter">The time until a retry may succeed.</param>
public sealed record StorageFault(string Reason, TimeSpan RetryAfter)
{
    internal static readonly TimeSpan Soon = TimeSpan.FromSeconds(2), Later = TimeSpan.FromSeconds(30);

    /// <summary>The storage fault that caused an exception; null if storage did not cause it.</summary>
    public static StorageFault? Of(Exception exception) => exception switch
    {
        ArchiveBusyException busy => new(busy.Message, Soon),
        ObjectsFullException full => new(full.Message, Later),
        DatabaseLostException lost => new(lost.Message, Later),
        BlobStoreException store => new(store.Message, Soon),
        // The start created all tables: a missing one means that the file was replaced.
        SqliteException { SqliteErrorCode: 1 } other when other.Message.Contains("no such table", StringComparison.Ordinal) =>
            new("the database has lost its tables", Later),
        SqliteException sqlite => OfDatabase(sqlite.SqliteErrorCode),
        DamagedDatabaseException => new("the database is damaged", Later),
        NpgsqlException npgsql => PostgresFault.Of(npgsql),
        RetryLimitExceededException { InnerException: { } inner } => Of(inner),
        DbUpdateException { InnerException: { } inner } => Of(inner),
        UnauthorizedAccessException => new("the data folder may not be read or written by the service", Later),
        DirectoryNotFoundException or FileNotFoundException => new("a part of the data folder is missing", Later),
        IOException io => OfSystem(io.HResult),
        _ => null,
    };

    // https://www.sqlite.org/rescode.html; others (a violated constraint, wrong SQL) would be defects.
    private static StorageFault? OfDatabase(int code) => code switch
    {
        5 or 6 => new("the database is locked by another process", Soon),
        7 => new("the database has too little memory", Soon), // SQLITE_NOMEM
        8 => new("the database is read-only", Later),
        10 => new("the database cannot be read from or written to the disk", Later),
        11 or 26 => new("the database is damaged", Later),
        13 => new("the disk with the database is full", Later),
        14 => new("the database cannot be opened", Later),
        15 => new("the database is in use by too many processes", Soon),
        _ => null,
    };

    // On Unix, .NET stores errno there; connection errors have none of these values.
    private static StorageFault? OfSystem(int errno) => errno switch
    {
        // EIO, ENXIO, ENODEV, ENODATA, EBADMSG, EUCLEAN, EREMOTEIO; and ENOMEM, which ext4 returns if it cannot read what it needs to
        // create a file.
        5 or 6 or 12 or 19 or 61 or 74 or 117 or 121 => new("the disk with the data folder reports errors", Later),
        23 or 24 => new("the service has too many files open", Soon), // ENFILE, EMFILE
        28 or 122 => new("the disk with the data folder is full", Later), // ENOSPC, EDQUOT
        30 => new("the data folder is on a read-only disk", Later), // EROFS
        116 => new("the network disk with the data folder lost it", Later), // ESTALE
        _ => null,
    };
}
