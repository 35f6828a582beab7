using System.Runtime.InteropServices;

namespace Relo.Archive.Blobs;

/// <summary>
/// Flushes a folder's entries to disk. A rename survives a power cut only if its folder is synced; .NET cannot open folders, so we
/// call libc.
/// </summary>
internal static partial class DirectorySync
{
    private const int ReadOnly = 0;

    public static void Flush(string folder)
    {
        if (OperatingSystem.IsWindows()) return; // NTFS journals renames itself and has no such call
        Call(folder, "fsync", Sync);
    }

    /// <summary>Whether <see cref="FlushAll"/> is available; otherwise each file is flushed separately.</summary>
    public static bool HasFlushAll => OperatingSystem.IsLinux();

    /// <summary>Flushes the whole file system of the folder: thousands of small files in one call.</summary>
    public static void FlushAll(string folder) => Call(folder, "syncfs", SyncAll);

    private static void Call(string folder, string name, Func<int, int> call)
    {
        var file = Open(folder, ReadOnly);
        if (file < 0) throw Failed("open");
        try
        {
            if (call(file) != 0) throw Failed(name);
        }
        finally
        {
            _ = Close(file);
        }

        IOException Failed(string call) =>
            new($"{call} of folder {folder} failed: {Marshal.GetLastPInvokeErrorMessage()}", Marshal.GetLastPInvokeError());
    }

    [LibraryImport("libc", EntryPoint = "open", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Open(string path, int flags);

    [LibraryImport("libc", EntryPoint = "fsync", SetLastError = true)]
    private static partial int Sync(int file);

    [LibraryImport("libc", EntryPoint = "syncfs", SetLastError = true)]
    private static partial int SyncAll(int file);

    [LibraryImport("libc", EntryPoint = "close", SetLastError = true)]
    private static partial int Close(int file);
}
