using System.Runtime.InteropServices;

namespace Relo.Archive.Import;

/// <summary>Streams over bytes in memory, for decoders that know nothing else.</summary>
internal static class MemoryStreams
{
    /// <summary>A read-only stream over the bytes; no copy where an array is behind them.</summary>
    public static MemoryStream Over(ReadOnlyMemory<byte> bytes) => MemoryMarshal.TryGetArray(bytes, out var array)
        ? new(array.Array!, array.Offset, array.Count, writable: false)
        : new(bytes.ToArray(), writable: false);
}
