using Relo.Api.Http.Limits;

namespace Relo.Api.Tests.Http.Limits;

public sealed class ConnectionLimitTests
{
    private const long GiB = 1 << 30;

    [Theory]
    [InlineData(1024L, 4 * GiB, (1024 - 192) / 2)] // a handle for each connection, and one for its file
    [InlineData(1L << 20, GiB, 1024)] // memory is the narrower limit
    [InlineData(null, GiB, 1024)] // nothing limits the handles
    [InlineData(100L, GiB, 16)] // a service that cannot open enough files still answers some clients
    public void Connections_are_limited_by_file_handles_and_memory(long? handlesLeft, long availableBytes, long expected)
        => Assert.Equal(expected, ConnectionLimit.Of(handlesLeft, availableBytes));

    [Fact]
    public void Limit_of_this_process_is_read_from_the_system() => Assert.InRange(ConnectionLimit.OfProcess(), 16, 1 << 20);
}
