using System.Net.Sockets;
using System.Text;
using Relo.Api.Tests.Fixtures;
using Serilog.Events;

namespace Relo.Api.Tests.Ops;

public sealed class RequestLogTests
{
    private const string Key = "a key that must not be logged";

    [Fact]
    public async Task Each_request_has_one_line_with_its_use_case_and_outcome_and_without_body_or_key()
    {
        using var service = new ServiceHost(root: null, ("Access:Mode", "KeysForAll"), ("Access:Keys:ci", Key));
        service.Http.DefaultRequestHeaders.Add("X-Api-Key", Key);
        await service.Http.PostAsync($"/v1/relocations?kernel={Samples.NewKernel}", Answers.Body("secret program"u8.ToArray()));
        await service.Http.PostAsync($"/v1/relocations?kernel={Samples.NewKernel}", Answers.Body(Samples.Object));
        await service.Http.GetAsync("/app.css");

        var lines = await service.Log.RequestsAsync("/v1/relocations", count: 2);
        Assert.Matches(@"^Information ""?POST""? ""?/v1/relocations""? 422 in [0-9.]+ ms ""?Relocate""? ""?not-a-bpf-object""?$", lines[0]);
        Assert.Matches(@"^Information ""?POST""? ""?/v1/relocations""? 200 in [0-9.]+ ms ""?Relocate""? ""?RelocationMade""?$", lines[1]);
        Assert.Single(await service.Log.RequestsAsync("/app.css", count: 1));
        var everything = string.Join('\n', service.Log.Events.Select(e => LogLines.Render(e) + string.Join(' ', e.Properties)));
        Assert.DoesNotContain(Key, everything, StringComparison.Ordinal);
        Assert.DoesNotContain("secret program", everything, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("GET")]
    [InlineData("HEAD")]
    public async Task Request_repeated_at_once_on_one_connection_has_a_line_each_time(string method)
    {
        using var service = new ServiceHost(root: null);
        var address = $"/v1/relocated/tracer?kernel={Samples.NewKernel}";
        await service.Http.PostAsync("/v1/objects?name=tracer", Answers.Body(Samples.Object));
        using var first = await service.Http.GetAsync(address);
        var request = $"{method} {address} HTTP/1.1\r\nHost: localhost\r\nIf-None-Match: {first.Headers.ETag}\r\n\r\n";
        using var connection = await RawConnection.OpenAsync(service);
        for (var i = 0; i < 5; i++)
        {
            await connection.SendAsync(Encoding.ASCII.GetBytes(request));
            Assert.StartsWith("HTTP/1.1 304 ", await connection.ReadHeadAsync(), StringComparison.Ordinal);
        }

        var lines = await service.Log.RequestsAsync("/v1/relocated/tracer", count: 6);
        Assert.Equal(5, lines.Count(line => line.Contains(" 304 in ", StringComparison.Ordinal)));
        Assert.Equal(6, lines.Count);
    }

    [Fact]
    public async Task Object_posted_again_at_once_has_a_line_each_time()
    {
        using var service = new ServiceHost(root: null);
        var address = $"/v1/relocations?kernel={Samples.NewKernel}";
        for (var i = 0; i < 5; i++)
        {
            using var request = new HttpRequestMessage(HttpMethod.Post, address) { Content = Answers.Body(Samples.Object) };
            request.Accepting("application/octet-stream");
            using var answer = await service.Http.SendAsync(request);
            answer.EnsureSuccessStatusCode();
        }

        var lines = await service.Log.RequestsAsync("/v1/relocations", count: 5);
        Assert.All(lines, line => Assert.Contains(" 200 in ", line, StringComparison.Ordinal));
        Assert.Equal(5, lines.Count);
    }

    [Theory]
    [InlineData("/v1/relocations", "kernel=1.0")]
    [InlineData("/v1/kernels", "release=1.0")]
    public async Task Client_that_hangs_up_is_no_error_of_ours(string path, string query)
    {
        // At the default rate a machine that stalls for 5 s would be a slow client: 408.
        using var service = new ServiceHost(root: null, ("Limits:BodyBytesPerSecond", "1"));
        using (var socket = new TcpClient())
        {
            await socket.ConnectAsync(service.Http.BaseAddress!.Host, service.Http.BaseAddress.Port);
            var request = $"POST {path}?{query} HTTP/1.1\r\nHost: localhost\r\nContent-Length: 9000\r\n\r\n{new string('x', 5000)}";
            await socket.GetStream().WriteAsync(Encoding.ASCII.GetBytes(request));
            await Task.Delay(200); // let the service begin to read
        }

        var line = Assert.Single(await service.Log.RequestsAsync(path, count: 1));
        Assert.Matches(" (400|499) in ", line); // 400 where the end of the body is seen before the end of the connection
        Assert.DoesNotContain(service.Log.Events, e => e.Level >= LogEventLevel.Error);
    }
}
