namespace Relo.Archive.Blobs;

/// <summary>Files that a killed process left behind. A living process holds a lock on each file it is writing, which the system takes away with it.</summary>
internal static class LeftOvers
{
    /// <summary>Removes those directly in a folder.</summary>
    /// <returns>How many files.</returns>
    public static int Sweep(string folder)
    {
        if (!Directory.Exists(folder)) return 0;
        var swept = 0;
        foreach (var path in Directory.EnumerateFiles(folder))
        {
            try
            {
                // FileShare.None asks for the lock that a living writer, of whatever process, holds.
                using var _ = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.None);
                File.Delete(path);
                swept++;
            }
            catch (IOException) when (File.Exists(path))
            {
                // In use: its writer lives.
            }
            catch (FileNotFoundException)
            {
                // Its writer ended between the listing and now.
            }
        }

        return swept;
    }
}
