using System.Net;
using Relo.Archive.Upstream;

namespace Relo.Archive.Tests.Upstream;

/// <summary>Only connections to the source itself go to any address.</summary>
public class SourceHttpTests
{
    [Theory]
    [InlineData("http://mirror.example/", "http://mirror.example/x", true)]
    [InlineData("http://mirror.example/", "http://mirror.example:81/x", false)]
    [InlineData("http://mirror.example/", "http://inside.example/x", false)]
    [InlineData("http://mirror.example/", "http://b\u00fccher.attacker.example/", false)]
    [InlineData("http://b\u00fccher.example/", "http://b\u00fccher.example/x", true)]
    [InlineData("http://[fd00::1]:8080/", "http://[fd00::1]:8080/x", true)]
    public void Another_host_is_checked_in_any_spelling(string root, string to, bool isTrusted)
    {
        using var http = new SourceHttp(new Uri(root), follows: true, allowsPrivate: false, new UpstreamOptions(), connections: 1);
        var address = new Uri(to);
        Assert.Equal(isTrusted, http.IsTrusted(new DnsEndPoint(address.IdnHost, address.Port)));
    }
}
