using Microsoft.Data.Sqlite;
using Relo.Archive.Blobs;
using Relo.Archive.Faults;

namespace Relo.Archive.Index.Sqlite;

/// <summary>Tries to read the database and to take its write lock.</summary>
internal static class SqliteProbe
{
    private const string Part = "database";

    // Uses a new connection: an open one keeps working on a deleted file or a disk that has become read-only.
    public static ProbeResult Probe(ArchiveFolders folders, SqliteFile file)
    {
        try
        {
            file.Check();
            using var connection = new SqliteConnection(
                new SqliteConnectionStringBuilder
                {
                    DataSource = folders.Database,
                    Mode = SqliteOpenMode.ReadWrite,
                    Pooling = false,
                    DefaultTimeout = 1
                }.ConnectionString);
            connection.Open();
            using var read = connection.CreateCommand();
            read.CommandText = "SELECT count(*) FROM (SELECT 1 FROM Kernels LIMIT 1)";
            read.ExecuteScalar();
            try
            {
                // Takes the write lock and releases it without writing.
                using var write = connection.BeginTransaction();
                write.Rollback();
            }
            catch (SqliteException e) when (e.SqliteErrorCode is 5 or 6)
            {
                return new(Part, ProbeStatus.Degraded, "readable, but another process holds the lock for writing");
            }

            return new(Part, ProbeStatus.Healthy, "readable and writable");
        }
        catch (DatabaseLostException e)
        {
            return new(Part, ProbeStatus.Unhealthy, e.Message);
        }
        catch (SqliteException e)
        {
            return new(Part, ProbeStatus.Unhealthy, StorageFault.Of(e) is { } fault ? $"{fault.Reason}: {e.Message}" : e.Message);
        }
    }
}
