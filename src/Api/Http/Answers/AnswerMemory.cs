using System.Runtime.InteropServices;
using Relo.Api.Http.Bodies;
using Relo.Api.Http.Limits;
using Relo.Api.Http.Problems;

namespace Relo.Api.Http.Answers;

/// <summary>
/// Counts the memory that responses hold while clients read them. A body on the heap counts once, however many clients read it; a body
/// that is mapped from a file does not count, and neither does one that fits into one piece.
/// </summary>
internal sealed class AnswerMemory(MemoryBudget budget)
{
    private readonly Lock _lock = new();
    private readonly Dictionary<byte[], Readers> _readers = new(ReferenceEqualityComparer.Instance);

    /// <summary>Counts a body until the returned value is disposed; null if it does not count.</summary>
    /// <exception cref="RefusedException">Responses already hold too much: <c>too-many-requests</c>.</exception>
    public static IDisposable? Hold(HttpContext http, ReadOnlyMemory<byte> body)
        => body.Length <= PiecedBody.PieceBytes || HttpMethods.IsHead(http.Request.Method)
            ? null
            : http.RequestServices.GetRequiredService<AnswerMemory>().Hold(body);

    /// <summary>The same for a body of any size.</summary>
    public IDisposable? Hold(ReadOnlyMemory<byte> body)
    {
        if (!MemoryMarshal.TryGetArray(body, out var segment) || segment.Array is not { } array) return null;
        lock (_lock)
        {
            if (!_readers.TryGetValue(array, out var readers))
                _readers.Add(array, readers = new(budget.Share(MemoryUse.Answer).Take(array.Length)));
            readers.Count++;
        }

        return new Held(this, array);
    }

    private void Release(byte[] array)
    {
        lock (_lock)
        {
            var readers = _readers[array];
            if (--readers.Count > 0) return;
            _readers.Remove(array);
            readers.Share.Dispose();
        }
    }

    private sealed class Readers(MemoryShare share)
    {
        public MemoryShare Share => share;

        public int Count { get; set; }
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
