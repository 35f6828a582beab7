using System.Buffers;
using Microsoft.Extensions.Options;
using Relo.Api.Http.Answers;
using Relo.Api.Http.Limits;

namespace Relo.Api.Tests.Http;

public sealed class AnswerMemoryTests
{
    private readonly MemoryBudget _budget = new(Options.Create(new LimitOptions { MemoryBytes = 1000 }));

    private readonly AnswerMemory _memory;

    public AnswerMemoryTests() => _memory = new(_budget);

    [Fact]
    public void Body_that_many_clients_read_counts_once_until_the_last_of_them_is_done()
    {
        var body = new byte[500];
        var first = _memory.Hold(body);
        var second = _memory.Hold(body.AsMemory(100)); // a part of the same array
        Assert.Equal(500, _budget.TakenFor(MemoryUse.Answer));
        first!.Dispose();
        first.Dispose();
        Assert.Equal(500, _budget.TakenFor(MemoryUse.Answer));
        second!.Dispose();
        Assert.Equal(0, _budget.TakenFor(MemoryUse.Answer));
    }

    [Fact]
    public void Bytes_outside_the_heap_do_not_count()
    {
        using var mapped = new Unmanaged();
        Assert.Null(_memory.Hold(mapped.Memory));
    }

    // As a mapped file: memory that has no array.
    private sealed class Unmanaged : MemoryManager<byte>
    {
        private readonly byte[] _bytes = new byte[2000];

        public override Span<byte> GetSpan() => _bytes;

        public override MemoryHandle Pin(int elementIndex = 0) => default;

        public override void Unpin() { }

        protected override void Dispose(bool disposing) { }
    }
}
