using Microsoft.AspNetCore.Http;
using Relo.Api.Http.Answers;

namespace Relo.Api.Tests.Http;

public sealed class AcceptHeaderTests
{
    [Theory]
    [InlineData(null, "application/json")]
    [InlineData("*/*", "application/json")]
    [InlineData("application/*", "application/json")]
    [InlineData("application/zip", "application/zip")]
    [InlineData("APPLICATION/ZIP", "application/zip")]
    [InlineData("application/json;q=0.5, application/zip", "application/zip")]
    [InlineData("application/zip;q=0.5, */*;q=0.1", "application/zip")]
    [InlineData("text/html,application/xhtml+xml,*/*;q=0.8", "application/json")] // a browser
    [InlineData("application/json;q=0, */*", "application/zip")] // the most specific range decides (RFC 9110 §12.5.1)
    [InlineData("application/zip;q=0", null)]
    [InlineData("image/png", null)]
    [InlineData("json", null)] // no media type: it asks for something, and not for what there is
    [InlineData("", "application/json")]
    public void The_best_offer_is_chosen(string? accept, string? expected)
    {
        var request = new DefaultHttpContext().Request;
        if (accept is not null) request.Headers.Accept = accept;
        Assert.Equal(expected, AcceptHeader.Choose(request, "application/json", "application/zip"));
    }
}
