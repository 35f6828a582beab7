namespace Relo.Archive.Blobs;

/// <summary>
/// A folder of files that are being written. A file is locked by its writer until it is complete and gets its name by a rename: an unlocked
/// file was left by a killed process.
/// </summary>
internal sealed class TemporaryFiles(string folder)
{
    /// <summary>The folder.</summary>
    public string Folder => folder;

    /// <summary>Creates the folder.</summary>
    public void Create() => Directory.CreateDirectory(folder);

    /// <summary>Removes files left by killed writers.</summary>
    /// <returns>The number of files removed.</returns>
    public int Sweep() => LeftOvers.Sweep(folder);

    /// <summary>Checks that a file can be created, written and flushed here.</summary>
    /// <exception cref="IOException">The disk is full or fails.</exception>
    /// <exception cref="UnauthorizedAccessException">The folder is not writable.</exception>
    public void Probe(ReadOnlySpan<byte> bytes)
    {
        using var file = new FileStream(
            NewPath(), FileMode.CreateNew, FileAccess.Write, FileShare.None, bufferSize: 0, FileOptions.DeleteOnClose);
        file.Write(bytes);
        file.Flush(flushToDisk: true);
    }

    /// <summary>Creates a file, which its writer renames or deletes.</summary>
    /// <param name="isShared">Whether it can be mapped while its writer holds it. Its lock then protects it from being swept, too.</param>
    public FileStream CreateFile(bool isShared = false)
    {
        var options = new FileStreamOptions
        {
            Mode = FileMode.CreateNew,
            Access = isShared ? FileAccess.ReadWrite : FileAccess.Write, // some file systems lock for sharing only what can be read
            Share = isShared ? FileShare.ReadWrite | FileShare.Delete : FileShare.None,
            BufferSize = 0
        };
        if (!OperatingSystem.IsWindows())
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead | UnixFileMode.OtherRead;
        return new(NewPath(), options);
    }

    /// <summary>Writes a file.</summary>
    /// <returns>Its path.</returns>
    public string Write(ReadOnlySpan<byte> bytes, bool isFlushed)
    {
        string? path = null;
        try
        {
            // Closed before the caller renames it: under its final name, its lock would block readers.
            using var file = CreateFile();
            path = file.Name;
            file.Write(bytes);
            if (isFlushed) file.Flush(flushToDisk: true);
            return path;
        }
        catch
        {
            if (path is not null) File.Delete(path);
            throw;
        }
    }

    /// <summary>Writes a file, flushes it to disk, and gives it its name.</summary>
    public void WriteAndRename(string path, ReadOnlySpan<byte> bytes)
    {
        for (var isRetry = false; ; isRetry = true)
        {
            var temp = Write(bytes, isFlushed: true);
            try
            {
                File.Move(temp, path, overwrite: true);
                return;
            }
            catch (FileNotFoundException) when (!isRetry)
            {
                // Between close and rename the file is unlocked, and a process that is just starting removes it. One retry suffices.
            }
            catch
            {
                File.Delete(temp);
                throw;
            }
        }
    }

    private string NewPath() => Path.Combine(folder, Guid.NewGuid().ToString("n"));
}
