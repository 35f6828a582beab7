using System.Net;
using System.Security.Cryptography;
using System.Text;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using Relo.Api.Http.Limits;
using Relo.Api.Http.Problems;
using Relo.Api.Http.Uploads;
using Relo.Api.Tests.Fixtures;

namespace Relo.Api.Tests.Http.Uploads;

/// <summary>All uploads share one memory limit; the test itself takes the part of other uploads.</summary>
public sealed class BodyMemoryTests : IDisposable
{
    private const string Route = $"/v1/relocations?kernel={Samples.NewKernel}";
    private const string CustomizeRoute =
        "/api/v1/customize?distribution=sample&distribution_version=1&arch=x86_64&kernel_version=5.11.0-syscall-work";
    private const long MiB = 1 << 20;

    private readonly ServiceHost _service = new(root: null, ("Limits:ObjectBytes", $"{2 * MiB}"), ("Limits:MemoryBytes", $"{10 * MiB}"));

    private MemoryBudget Memory => _service.Services.GetRequiredService<MemoryBudget>();

    [Fact]
    public async Task Upload_that_does_not_fit_beside_others_is_told_to_come_again()
    {
        var others = Fill((10 * MiB) - Samples.Object.Length + 1);
        using (var refused = await _service.Http.PostAsync(Route, Answers.Body(Samples.Object)))
        {
            var problem = await refused.ProblemAsync(HttpStatusCode.TooManyRequests, "too-many-requests");
            Assert.Contains("Limits:MemoryBytes", (string)problem["detail"]!, StringComparison.Ordinal);
            Assert.Equal("5", refused.Header("Retry-After"));
        }

        others.ForEach(share => share.Dispose());
        Assert.Equal(HttpStatusCode.OK, (await _service.Http.PostAsync(Route, Answers.Body(Samples.Object))).StatusCode);
    }

    [Fact]
    public async Task Body_that_does_not_fit_is_refused_before_it_is_sent()
    {
        using var others = Memory.Share(MemoryUse.Work).Take(8 * MiB);
        using var client = await RawConnection.OpenAsync(_service, receiveBufferBytes: 4096);
        await client.SendAsync(
            Encoding.ASCII.GetBytes($"POST {Route} HTTP/1.1\r\nHost: localhost\r\nExpect: 100-continue\r\nContent-Length: {MiB}\r\n\r\n"));
        Assert.StartsWith("HTTP/1.1 429", await client.ReadHeadAsync(), StringComparison.Ordinal);
        Assert.Equal(0, Memory.TakenFor(MemoryUse.Upload));
    }

    [Fact]
    public async Task What_a_body_unpacks_to_counts_too()
    {
        // Bytes after the end of an object have no meaning, and compress well.
        var packed = UploadTests.Gzip([.. Samples.Object, .. new byte[MiB]]);
        var others = Memory.Share(MemoryUse.Work).Take(7 * MiB);
        using (var refused = await _service.Http.PostAsync(Route, Answers.Body(packed, contentEncoding: "gzip")))
            await refused.ProblemAsync(HttpStatusCode.TooManyRequests, "too-many-requests");
        others.Dispose();
        Assert.Equal(HttpStatusCode.OK, (await _service.Http.PostAsync(Route, Answers.Body(packed, contentEncoding: "gzip"))).StatusCode);
    }

    [Fact]
    public async Task The_largest_object_fits_by_itself_in_the_most_wasteful_way_and_gives_all_back()
    {
        byte[] largest = [.. Samples.Object, .. new byte[(2 * MiB) - Samples.Object.Length]];
        using var form = new MultipartFormDataContent { { new ByteArrayContent(largest), "object", "x.bpf.o" } };
        var packed = UploadTests.Gzip(await form.ReadAsByteArrayAsync(TestContext.Current.CancellationToken));
        Assert.Equal(HttpStatusCode.OK,
            (await _service.Http.PostAsync(Route, Answers.Body(packed, form.Headers.ContentType!.ToString(), "gzip"))).StatusCode);
        // The client may have the answer a little before the server is through with it.
        while (Memory.TakenFor(MemoryUse.Upload) + Memory.TakenFor(MemoryUse.Work) > 0)
            await Task.Delay(10, TestContext.Current.CancellationToken);
    }

    [Fact]
    public async Task Form_of_many_empty_parts_takes_no_more_than_its_own_bytes()
    {
        var parts = string.Concat(Enumerable.Repeat("--b\r\nContent-Disposition: form-data; name=bpf; filename=x\r\n\r\n\r\n", 10_000))
            + "--b--\r\n";
        Memory.Share(MemoryUse.Work).Take(Memory.MostOfOne - (2 * parts.Length)); // as sent, while the buffer grows
        using var answer =
            await _service.Http.PostAsync(CustomizeRoute, Answers.Body(Encoding.ASCII.GetBytes(parts), "multipart/form-data; boundary=b"));
        await answer.ProblemAsync(HttpStatusCode.BadRequest, "empty-body");
    }

    [Fact]
    public async Task Upload_holds_no_memory_while_its_answer_is_sent()
    {
        const int size = (int)(16 * MiB); // more than all buffers between the service and the client
        using var service = new ServiceHost(root: null, ("Limits:ObjectBytes", $"{size}"));
        byte[] large = [.. Samples.Object, .. RandomNumberGenerator.GetBytes(size - Samples.Object.Length)];
        using var client = await RawConnection.OpenAsync(service, receiveBufferBytes: 4096);
        await client.SendAsync(Encoding.ASCII.GetBytes(
            $"POST {Route} HTTP/1.1\r\nHost: localhost\r\nAccept: application/octet-stream\r\nContent-Length: {size}\r\n\r\n"));
        await client.SendAsync(large);
        Assert.StartsWith("HTTP/1.1 200", await client.ReadHeadAsync(), StringComparison.Ordinal);
        Assert.Empty(service.Log.Requests("/v1/relocations")); // it is still being sent
        Assert.Equal(0, service.Services.GetRequiredService<MemoryBudget>().TakenFor(MemoryUse.Upload));
        Assert.Equal(size, service.Services.GetRequiredService<MemoryBudget>().TakenFor(MemoryUse.Answer));
    }

    [Fact]
    public async Task Kernel_files_on_disk_count_until_they_are_read()
    {
        var space = _service.Services.GetRequiredService<KernelFileSpace>();
        const string route = "/v1/kernels?distro=a&version=1&arch=x86_64&release=1.0";
        var taken = new LimitOptions().KernelUploadBytes - Samples.NewBtf.Length + 1;
        space.Take(taken);
        using (var refused = await _service.Http.PostAsync(route, Answers.Body(Samples.NewBtf)))
            await refused.ProblemAsync(HttpStatusCode.TooManyRequests, "too-many-requests");
        Assert.Equal(taken, space.TakenBytes);
        space.Release(1);
        Assert.Equal(HttpStatusCode.Created, (await _service.Http.PostAsync(route, Answers.Body(Samples.NewBtf))).StatusCode);
        // the client has the answer a little earlier
        while (space.TakenBytes >= taken) await Task.Delay(10, TestContext.Current.CancellationToken);
    }

    [Fact]
    public void What_can_never_fit_is_too_large_and_not_asked_to_come_again()
    {
        using var share = new BodyShare(new(Options.Create(new LimitOptions { MemoryBytes = 100 })));
        share.Array(60);
        Assert.Equal("body-too-large", Assert.Throws<RefusedException>(() => share.Array(41)).Problem.Kind.Code);
        share.Array(28);
    }

    // In parts that count as small, which may take the reserve too.
    private List<MemoryShare> Fill(long bytes)
    {
        var shares = new List<MemoryShare>();
        for (long part; bytes > 0; bytes -= part) shares.Add(Memory.Share(MemoryUse.Work).Take(part = Math.Min(bytes, Memory.SmallBytes)));
        return shares;
    }

    public void Dispose() => _service.Dispose();
}
