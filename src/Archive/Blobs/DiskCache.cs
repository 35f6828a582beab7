namespace Relo.Archive.Blobs;

/// <summary>
/// Bounds the bytes of files that can be rebuilt or fetched again. Beyond the limit it deletes the least recently used ones. The order is
/// that of the files' access times, which are set when a file is opened, so it survives restarts and is shared by all processes on the
/// folder. A file that any process has open or mapped is never deleted: .NET holds a shared lock on it, and deleting needs an exclusive
/// one.
/// </summary>
/// <param name="root">The folder.</param>
/// <param name="maxBytes">The limit.</param>
internal sealed class DiskCache(string root, long maxBytes)
{
    private const string Temporary = ".tmp";

    // The order of two uses within a minute does not matter.
    private static readonly TimeSpan TouchEvery = TimeSpan.FromMinutes(1);

    private readonly Lock _trimming = new();
    private readonly Lock _scheduling = new();
    private Task _scheduled = Task.CompletedTask;
    private long _bytes;
    private long _sinceCount;
    private long _evicted;

    /// <summary>The folder.</summary>
    public string Root => root;

    /// <summary>Bytes of the files: the last count, plus the files that this process added since.</summary>
    public long Bytes => Interlocked.Read(ref _bytes);

    /// <summary>Number of files that this process deleted to make room.</summary>
    public long Evicted => Interlocked.Read(ref _evicted);

    /// <summary>Counts the files in the background, and trims.</summary>
    public Task StartAsync() => Schedule();

    /// <summary>Counts a file that was added. Call it after the file has its name.</summary>
    public void Added(long bytes)
    {
        var now = Interlocked.Add(ref _bytes, bytes);
        // Other processes also add files, so the count is renewed from time to time.
        if (now > maxBytes || Interlocked.Add(ref _sinceCount, bytes) > maxBytes / 16) _ = Schedule();
    }

    /// <summary>Records that a file was opened.</summary>
    public static void Used(string path)
    {
        try
        {
            var now = DateTime.UtcNow;
            if (now - File.GetLastAccessTimeUtc(path) is var age && (age > TouchEvery || age < TimeSpan.Zero))
                File.SetLastAccessTimeUtc(path, now);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // It was deleted meanwhile, or the disk is read-only: then nothing is evicted either.
        }
    }

    /// <summary>Deletes the least recently used files until all fit, and until <paramref name="needBytes"/> more are free.</summary>
    /// <returns>The number of bytes freed.</returns>
    public long Trim(long needBytes = 0)
    {
        lock (_trimming)
        {
            var files = Files();
            var total = files.Sum(file => file.SizeBytes);
            var target = Math.Min(total - needBytes, total > maxBytes ? maxBytes / 10 * 9 : total);
            var freed = 0L;
            foreach (var file in files.OrderBy(file => file.UsedAt))
            {
                if (total - freed <= target) break;
                if (TryEvict(file.Path)) freed += file.SizeBytes;
            }

            Interlocked.Exchange(ref _bytes, total - freed);
            Interlocked.Exchange(ref _sinceCount, 0);
            return freed;
        }
    }

    private Task Schedule()
    {
        lock (_scheduling)
            return _scheduled.IsCompleted ? _scheduled = Task.Run(TrimOrLeave) : _scheduled;
    }

    private void TrimOrLeave()
    {
        try
        {
            Trim();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            Interlocked.Exchange(ref _sinceCount, 0); // the disk refuses; the next additions retry
        }
    }

    private List<(string Path, long SizeBytes, DateTime UsedAt)> Files()
    {
        var files = new List<(string, long, DateTime)>();
        if (!Directory.Exists(root)) return files;
        foreach (var file in new DirectoryInfo(root).EnumerateFiles("*", SearchOption.AllDirectories))
        {
            // Files that are being written belong to their writers, and are swept after a crash.
            if (file.Directory!.Name != Temporary && file.Exists) files.Add((file.FullName, file.Length, file.LastAccessTimeUtc));
        }

        return files;
    }

    private bool TryEvict(string path)
    {
        try
        {
            using var _ = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.None);
            File.Delete(path);
            Interlocked.Increment(ref _evicted);
            return true;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return false; // in use, or deleted by another process
        }
    }
}
