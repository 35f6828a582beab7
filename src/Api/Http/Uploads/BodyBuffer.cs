using System.Runtime.InteropServices;

namespace Relo.Api.Http.Uploads;

/// <summary>Bytes whose number is not known before they are all there; each doubling counts among the memory for uploads before it is made.</summary>
/// <param name="share">Of the request.</param>
/// <param name="mostBytes">More never come: it does not grow beyond.</param>
internal sealed class BodyBuffer(BodyShare share, long mostBytes)
{
    private const int First = 64 * 1024;

    private byte[] _bytes = [];

    /// <summary>How many there are.</summary>
    public int Length { get; private set; }

    /// <summary>What has come.</summary>
    public ReadOnlyMemory<byte> Written => _bytes.AsMemory(0, Length);

    /// <summary>Where the next ones go; at least one byte.</summary>
    public Memory<byte> Room()
    {
        if (Length == _bytes.Length) Grow();
        return _bytes.AsMemory(Length);
    }

    /// <summary>So many of them have come.</summary>
    public void Advance(int count) => Length += count;

    /// <summary>Reads to the end.</summary>
    public async Task<ReadOnlyMemory<byte>> FillAsync(Stream from, CancellationToken cancellation)
    {
        for (int read; (read = await from.ReadAsync(Room(), cancellation)) > 0;) Advance(read);
        return Written;
    }

    /// <summary>The same bytes, to be read from the start.</summary>
    public static Stream Over(ReadOnlyMemory<byte> bytes)
        => MemoryMarshal.TryGetArray(bytes, out var array) ? new MemoryStream(array.Array!, array.Offset, array.Count, writable: false) : new MemoryStream(bytes.ToArray(), writable: false);

    private void Grow()
    {
        // One byte more than there may be: the end is found by asking for another one.
        var larger = share.Array(Math.Min(Math.Max(First, 2L * _bytes.Length), Math.Max(mostBytes, Length) + 1));
        Written.CopyTo(larger);
        share.GiveBack(_bytes);
        _bytes = larger;
    }
}
