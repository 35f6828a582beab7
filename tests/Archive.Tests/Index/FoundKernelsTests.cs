using Relo.Archive.Index;
using Relo.Archive.Kernels;
using Relo.Core.Bytes;

namespace Relo.Archive.Tests.Index;

public sealed class FoundKernelsTests
{
    private static readonly KernelFound Answer = new(
        new Kernel("debian/12/x86_64/6.1.0-1-amd64", "debian", "12", "x86_64", "6.1.0-1-amd64", Digest.Of([1]), 1, "upload",
            DateTimeOffset.UnixEpoch, []), []);

    [Fact]
    public void A_query_finds_what_it_found_before_and_another_narrowing_does_not()
    {
        var found = new FoundKernels();
        found.Keep(new("6.1.0-1-amd64"), Answer);
        Assert.Same(Answer, found.Of(new("6.1.0-1-amd64")));
        Assert.Null(found.Of(new("6.1.0-1-amd64", Arch: "arm64")));
    }

    [Fact]
    public void Long_text_is_not_kept()
    {
        var found = new FoundKernels();
        var query = new KernelQuery(new string('x', 257));
        found.Keep(query, Answer);
        Assert.Null(found.Of(query));
    }

    [Fact]
    public void Any_number_of_queries_keeps_at_most_4096()
    {
        var found = new FoundKernels();
        for (var i = 0; i < 10_000; i++) found.Keep(new($"{i}"), Answer);
        Assert.InRange(Enumerable.Range(0, 10_000).Count(i => found.Of(new($"{i}")) is not null), 1, 4096);
    }
}
