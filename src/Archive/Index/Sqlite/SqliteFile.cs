using System.Data.Common;
using System.Runtime.InteropServices;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore.Diagnostics;
using Relo.Archive.Blobs;
using Relo.Archive.Faults;
using SQLitePCL;

namespace Relo.Archive.Index.Sqlite;

/// <summary>
/// The database file. SQLite keeps using a file that was deleted or replaced, and loses everything written to it when the process
/// ends. Each use therefore checks first that the file opened at start is still there, and fails with
/// <see cref="DatabaseLostException"/> if it is not.
/// </summary>
internal sealed partial class SqliteFile(ArchiveFolders folders) : DbConnectionInterceptor, IDisposable
{
    private const int HasMoved = 20; // SQLITE_FCNTL_HAS_MOVED, https://www.sqlite.org/c3ref/c_fcntl_begin_atomic_write.html

    private SqliteConnection? _witness;

    /// <summary>Remembers the current file. Call it once the database is up to date.</summary>
    public void Watch()
    {
        _witness?.Dispose();
        _witness = new(new SqliteConnectionStringBuilder(folders.ConnectionString) { Pooling = false }.ConnectionString);
        _witness.Open();
        using var read = _witness.CreateCommand();
        read.CommandText = "SELECT count(*) FROM sqlite_schema"; // the first read opens the write-ahead log
        read.ExecuteScalar();
    }

    /// <summary>Checks that the file and its write-ahead log are still there; takes microseconds.</summary>
    /// <exception cref="DatabaseLostException">They are not.</exception>
    public void Check()
    {
        if (_witness is not { } witness) return;
        if (new FileInfo(folders.Database) is not { Exists: true } file) throw new DatabaseLostException("was deleted or moved away");
        if (file.Length == 0) throw new DatabaseLostException("was truncated to 0 bytes");
        if (HasBeenReplaced(witness)) throw new DatabaseLostException("was replaced by another file");
        if (!File.Exists(folders.Database + "-wal"))
            throw new DatabaseLostException("lost its write-ahead log, which was deleted or moved away");
    }

    /// <inheritdoc/>
    public override InterceptionResult ConnectionOpening(DbConnection connection, ConnectionEventData eventData, InterceptionResult result)
    {
        Check();
        return result;
    }

    /// <inheritdoc/>
    public override ValueTask<InterceptionResult> ConnectionOpeningAsync(
        DbConnection connection, ConnectionEventData eventData, InterceptionResult result, CancellationToken cancellationToken = default)
    {
        Check();
        return new(result);
    }

    /// <summary>Makes a database stay a single file when it is opened; a start switches it to a write-ahead log.</summary>
    public static void MakeSingle(SqliteConnection connection)
    {
        using var command = connection.CreateCommand();
        command.CommandText = "PRAGMA journal_mode = delete";
        command.ExecuteScalar();
    }

    /// <inheritdoc/>
    public void Dispose() => _witness?.Dispose();

    private static bool HasBeenReplaced(SqliteConnection witness)
    {
        try
        {
            // The handle is held during the call: a request may still read while the archive is closed.
            return witness.Handle is { } handle && FileControl(handle, "main", HasMoved, out var isMoved) == 0 && isMoved != 0;
        }
        catch (ObjectDisposedException)
        {
            return false; // the archive is closed
        }
    }

    [LibraryImport("e_sqlite3", EntryPoint = "sqlite3_file_control", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int FileControl(sqlite3 connection, string database, int operation, out int result);
}
