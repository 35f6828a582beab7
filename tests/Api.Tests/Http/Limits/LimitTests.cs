using System.Net;
using System.Net.Sockets;
using System.Text;
using Relo.Api.Tests.Fixtures;
using Relo.Api.Tests.Http.Uploads;

namespace Relo.Api.Tests.Http.Limits;

public sealed class SmallLimits() : ServiceHost(root: null, ("Limits:ObjectBytes", "16384"), ("Limits:KernelFileBytes", "65536"));

/// <summary>Limits apply to the body as sent, with and without a length, and to the decompressed body.</summary>
public sealed class LimitTests(SmallLimits service) : IClassFixture<SmallLimits>
{
    private const string Route = $"/v1/relocations?kernel={Samples.NewKernel}";

    [Fact]
    public async Task Object_below_the_limit_passes()
        => Assert.Equal(HttpStatusCode.OK, (await service.Http.PostAsync(Route, Answers.Body(Samples.Object))).StatusCode);

    [Fact]
    public async Task Body_above_the_limit_is_too_large()
    {
        using var answer = await service.Http.PostAsync(Route, Answers.Body(new byte[16385]));
        var problem = await answer.ProblemAsync(HttpStatusCode.RequestEntityTooLarge, "body-too-large");
        Assert.Contains("16384", (string?)problem["detail"], StringComparison.Ordinal);
        Assert.Contains("Limits:ObjectBytes", (string?)problem["detail"], StringComparison.Ordinal);
    }

    [Fact]
    public async Task Body_of_unknown_length_above_the_limit_is_too_large()
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, Route) { Content = Answers.Body(new byte[20000]) };
        request.Headers.TransferEncodingChunked = true;
        using var answer = await service.Http.SendAsync(request);
        await answer.ProblemAsync(HttpStatusCode.RequestEntityTooLarge, "body-too-large");
    }

    [Theory]
    [InlineData("gzip")]
    [InlineData("zstd")]
    public async Task Bomb_is_too_large(string coding)
    {
        var zeros = new byte[1 << 20];
        var bomb = coding == "gzip" ? UploadTests.Gzip(zeros) : UploadTests.Zstd(zeros);
        Assert.True(bomb.Length < 16384);
        using var answer = await service.Http.PostAsync(Route, Answers.Body(bomb, contentEncoding: coding));
        await answer.ProblemAsync(HttpStatusCode.RequestEntityTooLarge, "body-too-large");
    }

    [Fact]
    public async Task Form_may_be_a_little_larger_than_the_object_but_the_object_may_not()
    {
        using var fits = new MultipartFormDataContent { { new ByteArrayContent(new byte[16384]), "object", "a.o" } };
        await (await service.Http.PostAsync(Route, fits)).ProblemAsync(HttpStatusCode.UnprocessableEntity, "not-a-bpf-object");
        using var large = new MultipartFormDataContent { { new ByteArrayContent(new byte[16385]), "object", "a.o" } };
        await (await service.Http.PostAsync(Route, large)).ProblemAsync(HttpStatusCode.RequestEntityTooLarge, "body-too-large");
    }

    [Fact]
    public async Task Kernel_file_has_a_limit_of_its_own()
    {
        using var fits = await service.Http.PostAsync("/v1/kernels?release=1&arch=x86_64", Answers.Body(new byte[65536]));
        await fits.ProblemAsync(HttpStatusCode.UnprocessableEntity, "unrecognised-kernel-file");
        using var large = await service.Http.PostAsync("/v1/kernels?release=1&arch=x86_64", Answers.Body(new byte[65537]));
        var problem = await large.ProblemAsync(HttpStatusCode.RequestEntityTooLarge, "body-too-large");
        Assert.Contains("Limits:KernelFileBytes", (string?)problem["detail"], StringComparison.Ordinal);
    }

    [Fact]
    public async Task Form_may_be_a_little_larger_than_the_kernel_file_but_the_file_may_not()
    {
        using var fits = new MultipartFormDataContent { { new ByteArrayContent(new byte[65536]), "file", "vmlinux" } };
        await (await service.Http.PostAsync("/v1/kernels?release=1&arch=x86_64", fits))
            .ProblemAsync(HttpStatusCode.UnprocessableEntity, "unrecognised-kernel-file");
        using var large = new MultipartFormDataContent { { new ByteArrayContent(new byte[65537]), "file", "vmlinux" } };
        var problem = await (await service.Http.PostAsync("/v1/kernels?release=1&arch=x86_64", large))
            .ProblemAsync(HttpStatusCode.RequestEntityTooLarge, "body-too-large");
        Assert.Contains("65536 bytes that Limits:KernelFileBytes", (string?)problem["detail"], StringComparison.Ordinal);
    }

    [Fact]
    public async Task Body_that_drips_is_given_up()
    {
        using var socket = new TcpClient();
        var address = service.Http.BaseAddress!;
        await socket.ConnectAsync(address.Host, address.Port);
        var stream = socket.GetStream();
        await stream.WriteAsync(Encoding.ASCII.GetBytes($"POST {Route} HTTP/1.1\r\nHost: localhost\r\nContent-Length: 5000\r\n\r\nx"));
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        var answer = await new StreamReader(stream).ReadToEndAsync(patience.Token);
        Assert.StartsWith("HTTP/1.1 408 ", answer, StringComparison.Ordinal);
        Assert.Contains("\"code\":\"request-timeout\"", answer, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("GET /v1/kernels HTTP/1.1\r\nHost: localhost\r\nX-Slow: ")] // a head that does not end
    [InlineData("GET /healthz/live HTTP/1.1\r\nHost: localhost\r\n\r\n")] // a connection that nothing comes on any more
    public async Task Connection_that_only_waits_is_closed(string sent)
    {
        using var impatient = new ServiceHost(root: null, ("Limits:HeaderTime", "00:00:01"), ("Limits:KeepAliveTime", "00:00:01"));
        using var socket = new TcpClient();
        await socket.ConnectAsync(impatient.Http.BaseAddress!.Host, impatient.Http.BaseAddress.Port);
        var stream = socket.GetStream();
        await stream.WriteAsync(Encoding.ASCII.GetBytes(sent));
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        await new StreamReader(stream).ReadToEndAsync(patience.Token); // ends with the connection
    }
}
