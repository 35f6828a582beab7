using System.Runtime.InteropServices;

namespace Relo.Api.Http.Uploads;

/// <summary>
/// A growing buffer for a body of unknown length; each doubling is charged to the memory for uploads before it is allocated.
/// </summary>
/// <param name="share">The request's share.</param>
/// <param name="mostBytes">The largest number of bytes.</param>
internal sealed class BodyBuffer(BodyShare share, long mostBytes)
{
    private const int First = 64 * 1024;

    private byte[] _bytes = [];

    /// <summary>Number of bytes received.</summary>
    public int Length { get; private set; }

    /// <summary>The bytes received.</summary>
    public ReadOnlyMemory<byte> Written => _bytes.AsMemory(0, Length);

    /// <summary>Space for the next bytes; at least one.</summary>
    public Memory<byte> Room()
    {
        if (Length == _bytes.Length) Grow();
        return _bytes.AsMemory(Length);
    }

    /// <summary>Advances past the bytes that were written.</summary>
    public void Advance(int count) => Length += count;

    /// <summary>Reads to the end.</summary>
    public async Task<ReadOnlyMemory<byte>> FillAsync(Stream from, CancellationToken cancellation)
    {
        for (int read; (read = await from.ReadAsync(Room(), cancellation)) > 0;) Advance(read);
        return Written;
    }

    /// <summary>A stream over these bytes.</summary>
    public static Stream Over(ReadOnlyMemory<byte> bytes)
        => MemoryMarshal.TryGetArray(bytes, out var array)
            ? new MemoryStream(array.Array!, array.Offset, array.Count, writable: false)
            : new MemoryStream(bytes.ToArray(), writable: false);

    private void Grow()
    {
        // One byte more than the limit, because finding the end needs one more read.
        var larger = share.Array(Math.Min(Math.Max(First, 2L * _bytes.Length), Math.Max(mostBytes, Length) + 1));
        Written.CopyTo(larger);
        share.Release(_bytes);
        _bytes = larger;
    }
}
