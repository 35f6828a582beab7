using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using Relo.Api.Http.Bodies;
using Relo.Api.Tests.Fixtures;

namespace Relo.Api.Tests.Ops;

public sealed class ServerLimitsTests(Service service) : IClassFixture<Service>
{
    private const int BytesOfConnection = 256 * 1024; // as ConnectionLimit assumes

    [Fact]
    public void Connection_holds_no_more_with_HTTP_2_than_with_HTTP_1()
    {
        var limits = service.Services.GetRequiredService<IOptions<KestrelServerOptions>>().Value.Limits;
        Assert.InRange(limits.Http2.MaxStreamsPerConnection * (PiecedBody.PieceBytes + limits.MaxRequestHeadersTotalSize),
            1, BytesOfConnection);
        Assert.Equal(limits.MaxRequestBufferSize, limits.Http2.InitialConnectionWindowSize);
        Assert.Equal(limits.MaxRequestBufferSize, limits.Http2.InitialStreamWindowSize);
    }
}
