namespace Relo.Archive.Blobs;

/// <summary>
/// Files left by a killed process. A writer holds a lock on each file it is writing; the system releases it when the process ends.
/// </summary>
internal static class LeftOvers
{
    /// <summary>Whether a file could not be opened because another handle, of any process, has locked it.</summary>
    public static bool IsLocked(Exception e) => e is IOException { HResult: 11 }; // EWOULDBLOCK

    /// <summary>Removes the unlocked files directly in a folder.</summary>
    /// <returns>The number of files removed.</returns>
    public static int Sweep(string folder)
    {
        if (!Directory.Exists(folder)) return 0;
        var swept = 0;
        foreach (var path in Directory.EnumerateFiles(folder))
        {
            try
            {
                // FileShare.None requests the lock that a live writer of any process holds.
                using var _ = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.None);
                if (!File.Exists(path)) continue; // its writer gave it its name after it was opened here, and released it
                File.Delete(path);
                swept++;
            }
            catch (IOException e) when (IsLocked(e) || File.Exists(path))
            {
                // In use by a live writer, which may give it its name at this moment.
            }
            catch (FileNotFoundException)
            {
                // Its writer finished after the listing.
            }
        }

        return swept;
    }
}
