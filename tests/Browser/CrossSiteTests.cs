using System.Net;
using System.Net.Sockets;
using System.Text;
using Relo.Api.Tests.Fixtures;
using Relo.Browser.Fixtures;

namespace Relo.Browser;

/// <summary>A page of another site, in a real browser, on the machine where the service runs without keys.</summary>
public sealed class CrossSiteTests(Chromium chromium)
{
    // Each way in which a page can send bytes of its own choice to another origin without a preflight request (CORS "simple" requests).
    private const string Write =
        """
        async service => {
          const bytes = Uint8Array.from(atob(document.body.dataset.object), c => c.charCodeAt(0));
          const form = new FormData();
          form.append('object', new Blob([bytes]), 'evil.bpf.o');
          const to = name => `${service}v1/objects?name=${name}`;
          const said = await Promise.allSettled([
            fetch(to('moved-by-form'), { method: 'POST', mode: 'no-cors', body: form }),
            fetch(to('moved-by-body'), { method: 'POST', mode: 'no-cors', body: bytes }),
            fetch(to('moved-by-cors'), { method: 'POST', body: bytes, headers: { 'Content-Type': 'application/octet-stream' } }),
            fetch(`${service}v1/objects/kept`, { method: 'DELETE' }),
          ]);
          navigator.sendBeacon(to('moved-by-beacon'), form);
          return said.map(s => s.status === 'rejected' ? 'rejected' : s.value.type);
        }
        """;

    private const string Read =
        """
        async service => {
          const seen = [];
          for (const path of ['v1/kernels', 'v1/objects', 'metrics', 'healthz/ready', 'fetch.sh', 'openapi/v1.json'])
            await fetch(service + path).then(async answer => seen.push(await answer.text()), () => {});
          for (const tag of ['script', 'img', 'iframe'])
            await new Promise(done => {
              const element = document.createElement(tag);
              element.onload = () => { if (tag !== 'iframe') seen.push(tag); done(); };
              element.onerror = done;
              element.src = service + (tag === 'img' ? 'favicon.svg' : 'page/app.js');
              document.body.append(element);
            });
          return seen;
        }
        """;

    [Theory]
    [InlineData("localhost")] // another site
    [InlineData("127.0.0.1")] // the same site, another origin
    public async Task Page_of_another_origin_can_neither_write_nor_read(string host)
    {
        using var service = new ServiceHost(root: null);
        using var kept = await service.Http.PostAsync("/v1/objects?name=kept", new ByteArrayContent(Samples.Object));
        Assert.True(kept.IsSuccessStatusCode);
        await using var other = new OtherSite(service.Http.BaseAddress!);
        await using var context = await chromium.Browser.NewContextAsync();
        var page = await context.NewPageAsync();

        await page.GotoAsync(other.Address(host));
        Assert.Equal(["rejected", "rejected", "rejected", "rejected"],
            await page.EvaluateAsync<string[]>(Write, service.Http.BaseAddress!.ToString()));
        Assert.Empty(await page.EvaluateAsync<string[]>(Read, service.Http.BaseAddress!.ToString()));

        // The oldest way: a form that is sent as the page opens.
        await page.EvaluateAsync("() => document.forms[0].submit()");
        await Assertions.Expect(page.Locator("body")).ToContainTextAsync("cross-site-request");

        foreach (var way in new[] { "form", "body", "cors", "beacon", "submit" })
            Assert.Equal(HttpStatusCode.NotFound, (await service.Http.GetAsync($"/v1/objects/moved-by-{way}")).StatusCode);
        Assert.Equal(HttpStatusCode.OK, (await service.Http.GetAsync("/v1/objects/kept")).StatusCode);
    }

    [Fact]
    public async Task Domain_that_resolves_to_this_machine_is_not_the_service()
    {
        using var service = new ServiceHost(root: null);
        await using var browser = await chromium.LaunchAsync("--host-resolver-rules=MAP rebound.example.com 127.0.0.1");
        var page = await browser.NewPageAsync();
        await page.GotoAsync($"http://rebound.example.com:{service.Http.BaseAddress!.Port}/");
        var said = await page.EvaluateAsync<string>(
            """
            async () => (await fetch('/v1/kernels')).status + ' ' + (await fetch('/v1/objects?name=rebound', { method: 'POST', body: 'x' })).status
            """);
        Assert.Equal("400 400", said);
        await Assertions.Expect(page.Locator("body")).ToContainTextAsync("host-not-allowed");
    }

    /// <summary>A server of one page, with a form whose target is the service.</summary>
    private sealed class OtherSite : IAsyncDisposable
    {
        private readonly TcpListener _listener = new(IPAddress.IPv6Any, 0);
        private readonly byte[] _answer;
        private readonly Task _serving;

        public OtherSite(Uri service)
        {
            var body =
                $"""
                <!doctype html><title>Another site</title><body data-object="{Convert.ToBase64String(Samples.Object)}">
                <form method="post" enctype="multipart/form-data" action="{service}v1/objects?name=moved-by-submit"><input name="note" value="x"></form>
                """;
            _answer =
                Encoding.UTF8.GetBytes(
                    $"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: {Encoding.UTF8.GetByteCount(body)}\r\nConnection: close\r\n\r\n{body}");
            _listener.Server.DualMode = true;
            _listener.Start();
            _serving = ServeAsync();
        }

        public string Address(string host) => $"http://{host}:{((IPEndPoint)_listener.LocalEndpoint).Port}/";

        public async ValueTask DisposeAsync()
        {
            _listener.Stop();
            await _serving;
        }

        private async Task ServeAsync()
        {
            try
            {
                while (true)
                {
                    using var client = await _listener.AcceptTcpClientAsync();
                    using var reader = new StreamReader(client.GetStream(), Encoding.ASCII, leaveOpen: true);
                    while (await reader.ReadLineAsync() is { Length: > 0 }) { }
                    await client.GetStream().WriteAsync(_answer);
                }
            }
            catch (Exception e) when (e is SocketException or ObjectDisposedException or IOException)
            {
                // stopped
            }
        }
    }
}
