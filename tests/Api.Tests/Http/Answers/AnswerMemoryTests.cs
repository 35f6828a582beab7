using System.Buffers;
using Microsoft.Extensions.Options;
using Relo.Api.Http.Answers;
using Relo.Api.Http.Limits;
using Relo.Api.Http.Problems;

namespace Relo.Api.Tests.Http;

public sealed class AnswerMemoryTests
{
    private readonly AnswerMemory _memory = new(Options.Create(new LimitOptions { AnswerBytes = 1000 }));

    [Fact]
    public void Answer_takes_at_most_half_of_what_is_left_so_that_smaller_ones_fit_beside_it()
    {
        _memory.Hold(new byte[500]);
        Assert.Equal("too-many-requests", Assert.Throws<RefusedException>(() => _memory.Hold(new byte[251])).Problem.Kind.Code);
        _memory.Hold(new byte[250]);
        Assert.Throws<RefusedException>(() => _memory.Hold(new byte[126]));
        _memory.Hold(new byte[125]);
        Assert.Equal(875, _memory.TakenBytes);
    }

    [Fact]
    public void Body_that_many_clients_read_counts_once_until_the_last_of_them_is_done()
    {
        var body = new byte[500];
        var first = _memory.Hold(body);
        var second = _memory.Hold(body.AsMemory(100)); // a part of the same array
        Assert.Equal(500, _memory.TakenBytes);
        first!.Dispose();
        first.Dispose();
        Assert.Equal(500, _memory.TakenBytes);
        second!.Dispose();
        Assert.Equal(0, _memory.TakenBytes);
    }

    [Fact]
    public void Answer_larger_than_the_limit_is_sent_where_it_is_the_only_one()
    {
        using (_memory.Hold(new byte[2000])) Assert.Throws<RefusedException>(() => _memory.Hold(new byte[1]));
        _memory.Hold(new byte[1])!.Dispose();
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
