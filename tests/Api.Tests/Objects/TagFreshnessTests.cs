using System.Net.Http.Headers;
using Relo.Api.Tests.Fixtures;
using Relo.Core.Bytes;

namespace Relo.Api.Tests.Objects;

/// <summary>Two nodes with one archive: how old a tag may be, and how a client gets the one that is current.</summary>
public sealed class TagFreshnessTests : IDisposable
{
    private static readonly byte[] Other = [.. Samples.Object, 0];

    private readonly ServiceHost _one = new(root: null), _two;

    public TagFreshnessTests() => _two = new(_one.Root);

    [Theory]
    [InlineData("/v1/objects/tracer/file")]
    [InlineData("/v1/objects/tracer")]
    [InlineData("/v1/relocated/tracer?kernel=" + Samples.NewKernel)]
    public async Task Age_says_whether_the_tag_was_read_before_the_request_and_no_cache_has_it_read_again(string address)
    {
        // Within a second of the first request, or all over again.
        for (var attempt = 0; ; attempt++)
        {
            await PutAsync(_two, Samples.Object);
            var begun = TimeProvider.System.GetTimestamp();
            var first = await GetAsync(address, current: false);
            await PutAsync(_one, Other);
            var remembered = await GetAsync(address, current: false);
            if (TimeProvider.System.GetElapsedTime(begun) > TimeSpan.FromSeconds(1) && attempt < 20) continue;
            var current = await GetAsync(address, current: true);
            var next = await GetAsync(address, current: false);
            Assert.Equal(("0", "1", "0"), (first.Age, remembered.Age, current.Age));
            Assert.Equal(first.Body, remembered.Body);
            Assert.NotEqual(first.Body, current.Body);
            Assert.Equal(current.Body, next.Body);
            return;
        }
    }

    [Fact]
    public async Task A_digest_has_no_age_because_it_names_one_object_for_ever()
    {
        await PutAsync(_one, Samples.Object);
        using var answer = await _one.Http.GetAsync($"/v1/objects/{Samples.ObjectDigest.Hex}/file");
        Assert.Null(answer.Headers.Age);
    }

    private static async Task PutAsync(ServiceHost node, byte[] bytes)
    {
        using var answer = await node.Http.PostAsync("/v1/objects?name=tracer", Answers.Body(bytes));
        Assert.True(answer.IsSuccessStatusCode);
    }

    private async Task<(string? Age, Digest Body)> GetAsync(string address, bool current)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, address);
        if (current) request.Headers.CacheControl = new CacheControlHeaderValue { NoCache = true };
        using var answer = await _two.Http.SendAsync(request);
        Assert.True(answer.IsSuccessStatusCode);
        return (answer.Header("Age"), Digest.Of(await answer.Content.ReadAsByteArrayAsync()));
    }

    public void Dispose()
    {
        _two.Dispose();
        _one.Dispose();
    }
}
