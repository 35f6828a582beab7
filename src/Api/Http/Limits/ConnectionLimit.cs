using System.Globalization;

namespace Relo.Api.Http.Limits;

/// <summary>
/// The maximum number of connections: fewer than the process's file handles, because files need handles too, and no more than its memory
/// allows.
/// </summary>
internal static class ConnectionLimit
{
    // For libraries loaded later, the database and opened kernels.
    private const int HandlesForFiles = 192;

    // The connection itself, and a file that is transferred over it.
    private const int HandlesOfConnection = 2;

    /// <summary>The maximum number of concurrent requests of an HTTP/2 connection.</summary>
    public const int RequestsOfConnection = 3;

    // The server's buffers for a client that does not read. HTTP/1.1: two pieces of a body, the request's header section, TLS. HTTP/2: one
    // piece and the header section of each request, TLS.
    private const int BytesOfConnection = 256 * 1024;
    private const int MemoryShare = 4;
    private const int Least = 16;

    private const string LimitOfHandles = "Max open files";

    /// <summary>The limit for this process.</summary>
    public static long OfProcess() => Of(HandlesLeft(), GC.GetGCMemoryInfo().TotalAvailableMemoryBytes);

    /// <summary>The limit for a process.</summary>
    /// <param name="handlesLeft">The number of handles it can still open; null if unlimited.</param>
    /// <param name="availableBytes">The memory available to it.</param>
    public static long Of(long? handlesLeft, long availableBytes)
    {
        var byMemory = availableBytes / MemoryShare / BytesOfConnection;
        var byHandles = handlesLeft is { } left ? (left - HandlesForFiles) / HandlesOfConnection : byMemory;
        return Math.Max(Least, Math.Min(byHandles, byMemory));
    }

    // The soft limit, which the runtime has raised to the hard one.
    private static long? HandlesLeft()
    {
        if (!OperatingSystem.IsLinux()) return null;
        var line = File.ReadLines("/proc/self/limits").FirstOrDefault(l => l.StartsWith(LimitOfHandles, StringComparison.Ordinal));
        var soft = line?[LimitOfHandles.Length..].Split(' ', StringSplitOptions.RemoveEmptyEntries) is [var first, ..] ? first : null;
        // Null for "unlimited".
        return long.TryParse(soft, CultureInfo.InvariantCulture, out var most) ? most - Directory.GetFiles("/proc/self/fd").Length : null;
    }
}
