using System.Net;
using System.Text;
using Microsoft.Extensions.DependencyInjection;
using Relo.Api.Http.Hot;
using Relo.Api.Tests.Fixtures;

namespace Relo.Api.Tests.Http;

/// <summary>What is known to the byte is answered before the server reads it; whatever else comes on a connection is the server's, as it came.</summary>
public sealed class HotConnectionTests : IDisposable
{
    private const string Known = "HTTP/1.1 304 Not Modified";

    private readonly ClockedService _service = new();
    private string _etag = "";

    private HotHeads Heads => _service.Services.GetRequiredService<HotHeads>();

    private long Given => Heads.Tally.Hits;

    [Theory]
    [InlineData("GET")]
    [InlineData("HEAD")]
    public async Task Known_request_is_answered_field_by_field_as_by_the_route(string method)
    {
        using var connection = await OpenAsync();
        var request = Request(method: method);
        var byRoute = await AskAsync(connection, request);
        foreach (var given in new[] { 0, 0, 1 }) // by the server, which tells where the next request begins; by the server again, which tells its head; by the connection
        {
            var answer = await AskAsync(connection, request);
            Assert.StartsWith(Known + "\r\n", answer, StringComparison.Ordinal);
            Assert.Equal(Fields(byRoute), Fields(answer));
            Assert.Equal(given, Given);
        }

        Assert.Equal(3, _service.Services.GetRequiredService<HotAnswerMemory>().Tally.Hits);
    }

    [Fact]
    public async Task Request_that_is_answered_whole_is_not_taken_for_one_that_was_not()
    {
        using var connection = await OpenAsync();
        var whole = $"HEAD {Address} HTTP/1.1\r\nHost: x\r\n\r\n";
        for (var i = 0; i < 3; i++)
        {
            foreach (var request in new[] { whole, whole, Request(), Request(), Request() })
            {
                var status = request == whole ? "HTTP/1.1 200 OK" : Known;
                Assert.StartsWith(status, await AskAsync(connection, request), StringComparison.Ordinal);
                using var other = await RawConnection.OpenAsync(_service);
                Assert.StartsWith("HTTP/1.1 200 OK", await AskAsync(other, whole), StringComparison.Ordinal);
                Assert.StartsWith(Known, await AskAsync(other, Request()), StringComparison.Ordinal);
                Assert.StartsWith("HTTP/1.1 200 OK", await AskAsync(other, whole), StringComparison.Ordinal);
            }
        }
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public async Task Each_request_has_its_own_answer_however_they_are_mixed_and_cut(int seed)
    {
        using var connection = await OpenAsync();
        var random = new Random(seed);
        (string Request, string Status)[] kinds =
        [
            (Request(), "304"), (Request(), "304"), (Request(), "304"), (Request("X-Other: 1\r\n"), "304"), (Request(method: "HEAD"), "304"),
            ($"HEAD {Address} HTTP/1.1\r\nHost: x\r\n\r\n", "200"), (Request(method: "HEAD").Replace(_etag, "\"other\"", StringComparison.Ordinal), "200"),
            (Request($"Content-Length: {Request().Length}\r\n") + Request(), "304"), ("HEAD /nowhere HTTP/1.1\r\nHost: x\r\n\r\n", "404"),
        ];
        var sent = Enumerable.Range(0, 400).Select(_ => kinds[random.Next(random.Next(2) == 0 ? 3 : kinds.Length)]).ToArray();
        var bytes = Encoding.ASCII.GetBytes(string.Concat(sent.Select(s => s.Request)));
        var sending = Task.Run(async () =>
        {
            for (int at = 0, length; at < bytes.Length; at += length)
            {
                length = Math.Min(random.Next(1, random.Next(3) == 0 ? 2000 : 300), bytes.Length - at);
                await connection.SendAsync(bytes[at..(at + length)]);
                if (random.Next(4) == 0) await Task.Delay(1);
            }
        });
        List<string> statuses = [];
        for (var i = 0; i < sent.Length; i++) statuses.Add((await connection.ReadHeadAsync())["HTTP/1.1 ".Length..][..3]);
        await sending;
        Assert.Equal(sent.Select(s => s.Status), statuses);
        Assert.InRange(Given, 1, long.MaxValue);
    }

    [Fact]
    public async Task Another_connection_that_asks_the_same_is_answered_from_its_second_request_on()
    {
        using (var first = await OpenAsync()) await KnowAsync(first, Request());
        using var second = await RawConnection.OpenAsync(_service);
        foreach (var given in new[] { 0, 1, 2 }) // what comes first may be the beginning of TLS, so it is the server's
        {
            Assert.StartsWith(Known, await AskAsync(second, Request()), StringComparison.Ordinal);
            Assert.Equal(given, Given);
        }
    }

    [Fact]
    public async Task Requests_sent_in_one_go_are_answered_in_their_order()
    {
        using var connection = await OpenAsync();
        await KnowAsync(connection, Request());
        const string other = "GET /healthz/live HTTP/1.1\r\nHost: x\r\n\r\n";
        await connection.SendAsync(Encoding.ASCII.GetBytes(Request() + Request() + other + Request() + "GET /nowhere HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"));
        var all = await connection.ReadToEndAsync();
        Assert.Equal(["304", "304", "200", "304", "404"], all.Split("HTTP/1.1 ")[1..].Select(a => a[..3]));
        Assert.Equal(2, Given); // the server has the connection from then on, until it gives a hot answer itself
    }

    [Fact]
    public async Task Request_that_comes_in_pieces_is_the_servers()
    {
        using var connection = await OpenAsync();
        await KnowAsync(connection, Request());
        foreach (var piece in new[] { Request()[..20], Request()[20..] })
        {
            await connection.SendAsync(Encoding.ASCII.GetBytes(piece));
            await Task.Yield();
        }

        Assert.StartsWith(Known, await connection.ReadHeadAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Request_within_the_body_of_another_one_is_none()
    {
        using var connection = await OpenAsync();
        await KnowAsync(connection, Request());
        var body = Request();
        foreach (var framing in new[] { $"Content-Length: {body.Length}\r\n\r\n{body}", $"Transfer-Encoding: chunked\r\n\r\n{body.Length:x}\r\n{body}\r\n0\r\n\r\n" })
        {
            var before = Given;
            await connection.SendAsync(Encoding.ASCII.GetBytes(Request()[..^2] + framing + "HEAD /healthz/live HTTP/1.1\r\nHost: x\r\n\r\n"));
            Assert.StartsWith(Known, await connection.ReadHeadAsync(), StringComparison.Ordinal);
            Assert.StartsWith("HTTP/1.1 200 OK", await connection.ReadHeadAsync(), StringComparison.Ordinal);
            Assert.Equal(before, Given);
        }
    }

    [Theory]
    [InlineData("\r\n", "")] // an empty line before it, as after the body of an old client
    [InlineData("", "Connection: keep-alive\r\n")]
    [InlineData("", "Expect: something\r\n")]
    [InlineData("", "Content-Length: 0\r\n")]
    [InlineData("", "Range: bytes=0-1\r\n")]
    [InlineData("", "Origin: https://elsewhere.example\r\n")]
    public async Task Request_that_is_more_than_its_question_is_not_known_again(string before, string field)
    {
        using var connection = await OpenAsync();
        for (var i = 0; i < 5; i++) Assert.StartsWith(Known, await AskAsync(connection, before + Request(field)), StringComparison.Ordinal);
        Assert.Equal((0, 0), (Given, Heads.Count));
    }

    [Fact]
    public async Task Head_that_is_too_long_to_be_remembered_is_the_servers()
    {
        using var connection = await OpenAsync();
        for (var i = 0; i < 5; i++) Assert.StartsWith(Known, await AskAsync(connection, Request($"X-Long: {new string('x', HotHeads.MostBytes)}\r\n")), StringComparison.Ordinal);
        Assert.Equal((0, 0), (Given, Heads.Count));
    }

    [Fact]
    public async Task Connection_ends_as_it_was_asked_to()
    {
        using var connection = await OpenAsync();
        await KnowAsync(connection, Request());
        await connection.SendAsync(Encoding.ASCII.GetBytes(Request("Connection: close\r\n")));
        Assert.Contains("Connection: close", await connection.ReadToEndAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task After_a_second_the_route_answers_anew()
    {
        using var connection = await OpenAsync();
        await KnowAsync(connection, Request());
        var lines = _service.Log.Requests("/v1/relocated/tracer").Count;
        _service.Clock.Advance(TimeSpan.FromSeconds(1));
        Assert.StartsWith(Known, await AskAsync(connection, Request()), StringComparison.Ordinal);
        Assert.Equal((0, lines + 1), (Given, _service.Log.Requests("/v1/relocated/tracer").Count));
        while (Heads.Count > 0) await Task.Yield(); // let go by those who tell the log
    }

    [Fact]
    public async Task Moved_tag_is_seen_at_once()
    {
        using var connection = await OpenAsync();
        await KnowAsync(connection, Request());
        await _service.Http.PostAsync("/v1/objects?name=tracer", Answers.Body([.. Samples.Object, 7]));
        Assert.StartsWith("HTTP/1.1 200 OK", await AskAsync(connection, Request()), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Client_that_asks_but_does_not_read_is_cut_off()
    {
        using var impatient = new ServiceHost(root: null, ("Limits:KeepAliveTime", "00:00:01"), ("Limits:BodyBytesPerSecond", "1000000"));
        await impatient.Http.PostAsync("/v1/objects?name=tracer", Answers.Body(Samples.Object));
        _etag = (await impatient.Http.GetAsync(Address)).Headers.ETag!.Tag;
        using var connection = await RawConnection.OpenAsync(impatient);
        var many = Encoding.ASCII.GetBytes(string.Concat(Enumerable.Repeat(Request(), 100)));
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        await Assert.ThrowsAnyAsync<IOException>(async () =>
        {
            while (true) await connection.SendAsync(many, patience.Token);
        });
    }

    public void Dispose() => _service.Dispose();

    private const string Address = $"/v1/relocated/tracer?kernel={Samples.NewKernel}";

    private string Request(string field = "", string method = "GET") => $"{method} {Address} HTTP/1.1\r\nHost: x\r\nIf-None-Match: {_etag}\r\n{field}\r\n";

    private async Task<RawConnection> OpenAsync()
    {
        await _service.Http.PostAsync("/v1/objects?name=tracer", Answers.Body(Samples.Object));
        _etag = (await _service.Http.GetAsync(Address)).Headers.ETag!.Tag;
        _service.Clock.Advance(TimeSpan.FromSeconds(1));
        return await RawConnection.OpenAsync(_service);
    }

    // Once by the route, which leaves its answer, and twice by the server, which tells the connection.
    private static async Task KnowAsync(RawConnection connection, string request)
    {
        for (var i = 0; i < 3; i++) Assert.StartsWith(Known, await AskAsync(connection, request), StringComparison.Ordinal);
    }

    private static async Task<string> AskAsync(RawConnection connection, string request)
    {
        await connection.SendAsync(Encoding.ASCII.GetBytes(request));
        return await connection.ReadHeadAsync();
    }

    private static IEnumerable<string> Fields(string head) => head.Split("\r\n").Where(f => !f.StartsWith("Date: ", StringComparison.Ordinal)).Order(StringComparer.Ordinal);
}
