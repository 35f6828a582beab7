using System.Runtime.InteropServices;
using Microsoft.Extensions.Options;
using Relo.Api.Http.Limits;
using Relo.Api.Http.Problems;

namespace Relo.Api.Http.Answers;

/// <summary>
/// Limits the memory that responses hold while clients read them. A body on the heap counts once, however many clients read it; a body
/// that is mapped from a file does not count, and neither does one that fits into one piece.
/// </summary>
internal sealed class AnswerMemory(IOptions<LimitOptions> options)
{
    // A client that does not read is disconnected after about a minute.
    private static readonly TimeSpan ComeAgain = TimeSpan.FromSeconds(5);

    private readonly long _mostBytes = options.Value.AnswerBytes;
    private readonly Lock _lock = new();
    private readonly Dictionary<byte[], int> _readers = new(ReferenceEqualityComparer.Instance);
    private long _taken;

    /// <summary>The number of bytes held.</summary>
    public long TakenBytes => Volatile.Read(ref _taken);

    /// <summary>Counts a body until the returned value is disposed; null if it does not count.</summary>
    /// <exception cref="RefusedException">Responses already hold too much: <c>too-many-requests</c>.</exception>
    public static IDisposable? Hold(HttpContext http, ReadOnlyMemory<byte> body)
        => body.Length <= PiecedBody.PieceBytes || HttpMethods.IsHead(http.Request.Method) ? null : http.RequestServices.GetRequiredService<AnswerMemory>().Hold(body);

    /// <summary>The same, for a body of any size.</summary>
    public IDisposable? Hold(ReadOnlyMemory<byte> body)
    {
        if (!MemoryMarshal.TryGetArray(body, out var segment) || segment.Array is not { } array) return null;
        lock (_lock)
        {
            var readers = _readers.GetValueOrDefault(array);
            if (readers == 0) Take(array.Length);
            _readers[array] = readers + 1;
        }

        return new Held(this, array);
    }

    // Each takes at most half of the remaining memory, so that large responses leave room for smaller ones. A single response always fits.
    private void Take(int bytes)
    {
        if (_taken > 0 && bytes > (_mostBytes - _taken) / 2)
            throw new RefusedException(Problem.TooManyRequests($"answers that are being sent hold {_taken} of the {_mostBytes} bytes that Limits:AnswerBytes allows, and this one has {bytes}", ComeAgain));
        _taken += bytes;
    }

    private void Release(byte[] array)
    {
        lock (_lock)
        {
            if (--_readers[array] > 0) return;
            _readers.Remove(array);
            _taken -= array.Length;
        }
    }

    private sealed class Held(AnswerMemory memory, byte[] array) : IDisposable
    {
        private byte[]? _array = array;

        public void Dispose()
        {
            if (Interlocked.Exchange(ref _array, null) is { } held) memory.Release(held);
        }
    }
}
