using System.Buffers;
using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Relo.Archive.Blobs;

/// <summary>
/// Reads those pages of a mapped file that are not in memory. Touching a mapped page that the disk cannot read ends the process (SIGBUS);
/// reading it from the file throws instead. If all pages are in memory, as they nearly always are, this costs a few microseconds.
/// </summary>
internal static unsafe partial class PageReader
{
    private const int PieceBytes = 128 << 10;
    private const byte Resident = 1; // mincore(2): the other bits mean nothing

    /// <summary>Makes sure that a mapped file can be read from beginning to end.</summary>
    /// <param name="file">The file.</param>
    /// <param name="start">The address of the mapping.</param>
    /// <param name="length">The length in bytes.</param>
    /// <exception cref="IOException">The disk cannot read it.</exception>
    public static void Ensure(SafeFileHandle file, byte* start, int length)
    {
        if (IsResident(start, length)) return;
        var piece = ArrayPool<byte>.Shared.Rent(PieceBytes);
        try
        {
            for (long at = 0; RandomAccess.Read(file, piece, at) is > 0 and var read;) at += read;
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(piece);
        }
    }

    private static bool IsResident(byte* start, int length)
    {
        if (!OperatingSystem.IsLinux()) return false;
        var count = (length - 1) / Environment.SystemPageSize + 1;
        var pages = ArrayPool<byte>.Shared.Rent(count);
        try
        {
            fixed (byte* first = pages)
            {
                if (InCore((nint)start, (nuint)length, first) != 0) return false;
            }

            foreach (var page in pages.AsSpan(0, count))
                if ((page & Resident) == 0) return false;
            return true;
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(pages);
        }
    }

    [LibraryImport("libc", EntryPoint = "mincore")]
    private static partial int InCore(nint start, nuint length, byte* pages);
}
