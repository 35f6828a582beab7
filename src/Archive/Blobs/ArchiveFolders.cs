using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Options;

namespace Relo.Archive.Blobs;

/// <summary>The paths of everything under <c>Archive:Root</c>.</summary>
internal sealed class ArchiveFolders
{
    // How long SQLite retries a lock held by another process, in whole seconds.
    private readonly int _busySeconds;

    public ArchiveFolders(IOptions<ArchiveOptions> options)
        : this(options.Value.Root, options.Value.BusyTimeout)
    {
    }

    public ArchiveFolders(string root, TimeSpan? busyTimeout = null)
    {
        _busySeconds = Math.Max(1, (int)(busyTimeout ?? TimeSpan.FromSeconds(10)).TotalSeconds);
        Root = Path.TrimEndingDirectorySeparator(Path.GetFullPath(root));
        Indexes = new(Path.Combine(Root, "blobs", "index"));
    }

    public string Root { get; }

    /// <summary>Everything that is stored beside the database.</summary>
    public string Blobs => Path.Combine(Root, "blobs");

    public string Database => Path.Combine(Root, "relo.db");

    /// <summary>Opens the database and never creates it: a deleted database must not come back empty.</summary>
    public string ConnectionString =>
        new SqliteConnectionStringBuilder
        {
            DataSource = Database, Mode = SqliteOpenMode.ReadWrite, DefaultTimeout = _busySeconds
        }.ConnectionString;

    /// <summary>Locked by the process that brings the database up to date.</summary>
    public string MigrationLock => Path.Combine(Root, "blobs", ".migrating");

    /// <summary>Temporary files for unpacking what is too large for memory.</summary>
    public string Scratch => Path.Combine(Root, "scratch");

    /// <summary>Where uploads are received.</summary>
    public string Uploads => Path.Combine(Root, "uploads");

    /// <summary>Files that the database does not name.</summary>
    public string Orphans => Path.Combine(Root, "orphans");

    /// <summary>Indexes of BTF. They can be rebuilt at any time.</summary>
    public IndexFolder Indexes { get; }
}
