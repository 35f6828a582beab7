using System.Net;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using Relo.Api.Http.Limits;
using Relo.Api.Http.Problems;
using Relo.Api.Http.Uploads;
using Relo.Api.Tests.Fixtures;

namespace Relo.Api.Tests.Http.Uploads;

/// <summary>Uploads together have so much memory and no more; the test itself takes of it what others would.</summary>
public sealed class BodyMemoryTests : IDisposable
{
    private const string Route = $"/v1/relocations?kernel={Samples.NewKernel}";
    private const long MiB = 1 << 20;

    private readonly ServiceHost _service = new(root: null, ("Limits:ObjectBytes", $"{2 * MiB}"), ("Limits:BodyBytes", $"{8 * MiB}"));

    private BodyMemory Memory => _service.Services.GetRequiredService<BodyMemory>();

    [Fact]
    public async Task Upload_that_does_not_fit_beside_others_is_told_to_come_again()
    {
        Memory.Take((8 * MiB) - Samples.Object.Length + 1);
        using (var refused = await _service.Http.PostAsync(Route, Answers.Body(Samples.Object)))
        {
            var problem = await refused.ProblemAsync(HttpStatusCode.TooManyRequests, "too-many-requests");
            Assert.Contains("Limits:BodyBytes", (string)problem["detail"]!, StringComparison.Ordinal);
            Assert.Equal("5", refused.Header("Retry-After"));
        }

        Memory.GiveBack(1);
        Assert.Equal(HttpStatusCode.OK, (await _service.Http.PostAsync(Route, Answers.Body(Samples.Object))).StatusCode);
    }

    [Fact]
    public async Task What_a_body_unpacks_to_counts_too()
    {
        // Bytes behind the end of an object mean nothing, and pack well.
        var packed = UploadTests.Gzip([.. Samples.Object, .. new byte[MiB]]);
        Memory.Take(7 * MiB);
        using (var refused = await _service.Http.PostAsync(Route, Answers.Body(packed, contentEncoding: "gzip"))) await refused.ProblemAsync(HttpStatusCode.TooManyRequests, "too-many-requests");
        Memory.GiveBack(7 * MiB);
        Assert.Equal(HttpStatusCode.OK, (await _service.Http.PostAsync(Route, Answers.Body(packed, contentEncoding: "gzip"))).StatusCode);
    }

    [Fact]
    public async Task The_largest_object_fits_by_itself_in_the_most_wasteful_way_and_gives_all_back()
    {
        byte[] largest = [.. Samples.Object, .. new byte[(2 * MiB) - Samples.Object.Length]];
        using var form = new MultipartFormDataContent { { new ByteArrayContent(largest), "object", "x.bpf.o" } };
        var packed = UploadTests.Gzip(await form.ReadAsByteArrayAsync(TestContext.Current.CancellationToken));
        Assert.Equal(HttpStatusCode.OK, (await _service.Http.PostAsync(Route, Answers.Body(packed, form.Headers.ContentType!.ToString(), "gzip"))).StatusCode);
        // The client may have the answer a little before the server is through with it.
        while (Memory.TakenBytes > 0) await Task.Delay(10, TestContext.Current.CancellationToken);
    }

    [Fact]
    public void What_can_never_fit_is_too_large_and_not_asked_to_come_again()
    {
        using var share = new BodyShare(new(Options.Create(new LimitOptions { BodyBytes = 100 })));
        share.Array(60);
        Assert.Equal("body-too-large", Assert.Throws<RefusedException>(() => share.Array(41)).Problem.Kind.Code);
        share.Array(40);
    }

    public void Dispose() => _service.Dispose();
}
