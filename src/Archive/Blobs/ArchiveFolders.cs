using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Options;
using Relo.Archive.Settings;

namespace Relo.Archive.Blobs;

/// <summary>The paths of everything under <c>Archive:Root</c>.</summary>
internal sealed class ArchiveFolders
{
    // How long SQLite retries a lock held by another process, in whole seconds.
    private readonly int _busySeconds;

    public ArchiveFolders(IOptions<ArchiveOptions> options, IOptions<CacheOptions> cache)
        : this(options.Value.Root, options.Value.BusyTimeout, options.Value.Blobs.Length > 0, cache.Value.DiskBytes)
    {
    }

    public ArchiveFolders(string root, TimeSpan? busyTimeout = null, bool hasRemoteBlobs = false, long cacheBytes = long.MaxValue)
    {
        _busySeconds = Math.Max(1, (int)(busyTimeout ?? TimeSpan.FromSeconds(10)).TotalSeconds);
        Root = Path.TrimEndingDirectorySeparator(Path.GetFullPath(root));
        // If the blobs are local, only the indexes beside them can be rebuilt. The folders differ, so that a change of Archive:Blobs
        // never turns the only copies into a cache.
        Cache = new(hasRemoteBlobs ? Path.Combine(Root, "cache") : Path.Combine(Root, "blobs", "index"), cacheBytes);
        Indexes = new(hasRemoteBlobs ? Path.Combine(Cache.Root, "index") : Cache.Root, Cache);
    }

    public string Root { get; }

    /// <summary>Everything that is stored beside the database.</summary>
    public string Blobs => Path.Combine(Root, "blobs");

    public string Database => Path.Combine(Root, "relo.db");

    /// <summary>Opens the database and never creates it: a deleted database must not come back empty.</summary>
    public string ConnectionString =>
        new SqliteConnectionStringBuilder
        {
            DataSource = Database,
            Mode = SqliteOpenMode.ReadWrite,
            DefaultTimeout = _busySeconds
        }.ConnectionString;

    /// <summary>Locked by the process that brings the database up to date.</summary>
    public string MigrationLock => Path.Combine(Root, "blobs", ".migrating");

    /// <summary>Temporary files for unpacking data that is too large for memory.</summary>
    public string Scratch => Path.Combine(Root, "scratch");

    /// <summary>Where uploads are received.</summary>
    public string Uploads => Path.Combine(Root, "uploads");

    /// <summary>Files without a database row.</summary>
    public string Orphans => Path.Combine(Root, "orphans");

    /// <summary>Bounds the files that can be rebuilt or fetched again.</summary>
    public DiskCache Cache { get; }

    /// <summary>Indexes of BTF. They can be rebuilt at any time.</summary>
    public IndexFolder Indexes { get; }
}
