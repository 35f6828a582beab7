using System.Net;
using System.Text;
using Microsoft.Extensions.Options;
using Relo.Api.BtfHubOnline;
using Relo.Api.Http.Limits;
using Relo.Api.Http.Uploads;

namespace Relo.Api.Tests.BtfHubOnline;

/// <summary>The field of a URL-encoded form.</summary>
public sealed class BpfFieldTests : IDisposable
{
    private readonly BodyShare _share = new(new(Options.Create(new LimitOptions())));

    [Theory]
    [InlineData("")]
    [InlineData("a+b%20c")]
    [InlineData("%7fELF%7F%00%fF")]
    [InlineData("%")]
    [InlineData("%4")]
    [InlineData("%41%4")]
    [InlineData("%zz%4z%+1%%41")]
    public void Decodes_as_the_framework_does(string text)
    {
        var field = Encoding.ASCII.GetBytes(text);
        Assert.Equal(WebUtility.UrlDecodeToBytes(field, 0, field.Length), BpfField.Decode(field, _share).ToArray());
    }

    [Fact]
    public void Raw_ampersand_ends_the_field() => Assert.Equal("ab"u8.ToArray(), BpfField.Decode("ab&c=d"u8, _share).ToArray());

    [Fact]
    public void Decoding_allocates_only_the_array_that_counts()
    {
        var field = new byte[1 << 20];
        var before = GC.GetAllocatedBytesForCurrentThread();
        BpfField.Decode(field, _share);
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, field.Length, (field.Length * 3L) / 2);
    }

    public void Dispose() => _share.Dispose();
}
