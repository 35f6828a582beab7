using System.Net;
using System.Text.Json.Nodes;
using Relo.Api.Tests.Access;
using Relo.Api.Tests.Fixtures;
using Relo.Api.Tests.Http.Uploads;

namespace Relo.Api.Tests.Http;

/// <summary>Attacks: path traversal, smuggled requests and fields, server-side request forgery.</summary>
public sealed class TrickTests(Service service, ClosedService closed) : IClassFixture<Service>, IClassFixture<ClosedService>
{
    private static readonly string[] Addresses = ["url", "uri", "address", "callback", "webhook"];

    [Theory]
    [InlineData("/../../../../etc/passwd")]
    [InlineData("/%2e%2e/%2e%2e/appsettings.json")]
    [InlineData("/..%2f..%2fappsettings.json")]
    [InlineData("/samples/..%2f..%2fappsettings.json")]
    [InlineData("/samples/../../appsettings.json")]
    [InlineData("/..\\..\\appsettings.json")]
    [InlineData("/%5c..%5cappsettings.json")]
    [InlineData("//etc/passwd")]
    [InlineData("/samples/%00")]
    [InlineData("/v1/objects/..%2F..%2Frelo.db/file")]
    [InlineData("/v1/objects/%00/file")]
    [InlineData("/v1/btf/..%2f..%2frelo.db")]
    [InlineData("/problems/..%2f..%2fappsettings")]
    [InlineData("file:///etc/passwd")]
    [InlineData("http://169.254.169.254/latest/meta-data")]
    public async Task Path_that_leads_elsewhere_leads_nowhere(string path)
    {
        var answer = await RawConnection.AskAsync(service, $"GET {path} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n");
        Assert.Matches(@"\AHTTP/1\.1 (400|404) ", answer);
        Assert.DoesNotContain("root:", answer, StringComparison.Ordinal);
        Assert.DoesNotContain("MigrationTimeout", answer, StringComparison.Ordinal);
        Assert.DoesNotContain("SQLite format", answer, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("distro=..&version=1&release=1.0")]
    [InlineData("distro=a&version=../..&release=1.0")]
    [InlineData("distro=a&version=1&release=../../../etc/cron.d/x")]
    [InlineData("distro=a&version=1&release=/etc/passwd")]
    [InlineData("distro=a&version=1&release=a%00b")]
    [InlineData("distro=a&version=1&release=a%0d%0aX-Evil:1")]
    [InlineData("distro=a%2Fb&version=1&release=1.0")]
    [InlineData("distro=a&version=1&release=1.0&module=..%2Fx")]
    public async Task Kernel_with_a_name_that_leads_elsewhere_is_refused(string query)
    {
        using var answer = await service.Http.PostAsync($"/v1/kernels?arch=x86_64&{query}", Answers.Body(Samples.NewBtf));
        await answer.ProblemAsync(HttpStatusCode.BadRequest, "invalid-kernel");
    }

    [Fact]
    public async Task Body_of_two_lengths_is_not_read_as_two_requests()
    {
        var both = await RawConnection.AskAsync(service,
            "POST /v1/relocations?kernel=x HTTP/1.1\r\nHost: localhost\r\nContent-Length: 5\r\nTransfer-Encoding: "
                + "chunked\r\n\r\n0\r\n\r\nGET /problems HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n");
        Assert.StartsWith("HTTP/1.1 400 ", both, StringComparison.Ordinal);
        Assert.Single(both.Split("HTTP/1.1 ", StringSplitOptions.RemoveEmptyEntries));
        Assert.StartsWith("HTTP/1.1 400 ",
            await RawConnection.AskAsync(service,
                "POST /v1/relocations HTTP/1.1\r\nHost: localhost\r\nContent-Length: 5\r\nContent-Length: 6\r\n\r\nabcdef"),
                    StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Host: localhost\r\nX-A : b\r\n")] // a space before the colon
    [InlineData("Host: localhost\r\nX-A: b\r\n c\r\n")] // a folded line
    [InlineData("Host: a\r\nHost: b\r\n")]
    [InlineData("Host: a b\r\n")]
    [InlineData("")]
    public async Task Head_that_proxies_may_read_otherwise_is_refused(string fields)
        => Assert.StartsWith("HTTP/1.1 400 ",
            await RawConnection.AskAsync(service, $"GET /healthz/live HTTP/1.1\r\n{fields}Connection: close\r\n\r\n"),
            StringComparison.Ordinal);

    [Fact]
    public async Task Where_a_client_says_it_asks_does_not_come_back_in_addresses()
    {
        using var named = new ServiceHost(root: null, ("AllowedHosts", "evil.example"));
        using var request =
            new HttpRequestMessage(HttpMethod.Post, "/v1/objects?name=tricks") { Content = Answers.Body([.. Samples.Object, 7]) };
        request.Headers.Host = "evil.example";
        foreach (var field in new[] { "X-Forwarded-Host", "X-Forwarded-For", "X-Original-URL", "X-Rewrite-URL", "Forwarded" })
            request.Headers.TryAddWithoutValidation(field, "evil.example");
        using var answer = await named.Http.SendAsync(request);
        Assert.Equal(HttpStatusCode.Created, answer.StatusCode);
        Assert.StartsWith("/v1/objects/", answer.Headers.Location!.OriginalString, StringComparison.Ordinal);
        Assert.DoesNotContain("evil.example", $"{answer.Headers}{await answer.Content.ReadAsStringAsync()}", StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("a\r\nX-Evil: 1\r\n\r\nbody")]
    [InlineData("a\"; filename=\"b\r\nX-Evil: 1")]
    [InlineData("../../etc/cron.d/x")]
    [InlineData("C:\\x\\a\nX-Evil: 1")]
    [InlineData("a\0b")]
    public async Task Name_of_an_object_makes_no_field_of_its_own(string name)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post,
            $"/v1/relocations?kernel={Samples.NewKernel}&name={Uri.EscapeDataString(name)}")
        { Content = Answers.Body(Samples.Object) };
        using var answer = await service.Http.SendAsync(request.Accepting("application/octet-stream"));
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        Assert.False(answer.Headers.Contains("X-Evil") || answer.Content.Headers.Contains("X-Evil"));
        var disposition = answer.Header("Content-Disposition")!;
        Assert.DoesNotContain(disposition, char.IsControl);
        Assert.DoesNotContain("/", answer.Content.Headers.ContentDisposition!.FileName ?? "", StringComparison.Ordinal);
        Assert.DoesNotContain("..", disposition, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Layers_of_compression_are_not_unpacked_one_after_another()
    {
        var twice = UploadTests.Gzip(UploadTests.Gzip(Samples.Object));
        await (await service.Http.PostAsync($"/v1/relocations?kernel={Samples.NewKernel}", Answers.Body(twice, contentEncoding: "gzip")))
            .ProblemAsync(HttpStatusCode.UnprocessableEntity, "not-a-bpf-object");
        await (await service.Http.PostAsync($"/v1/relocations?kernel={Samples.NewKernel}",
            Answers.Body(twice, contentEncoding: "gzip, gzip")))
                .ProblemAsync(HttpStatusCode.UnsupportedMediaType, "unsupported-media-type");

        var bomb = new byte[8 << 20];
        for (var layer = 0; layer < 6; layer++) bomb = UploadTests.Gzip(bomb);
        await (await service.Http.PostAsync("/v1/kernels?arch=x86_64&release=bomb", Answers.Body(bomb)))
            .ProblemAsync(HttpStatusCode.UnprocessableEntity, "unrecognised-kernel-file");
        var scratch = Path.Combine(service.Root, "scratch");
        Assert.True(!Directory.Exists(scratch) || Directory.GetFileSystemEntries(scratch).Length == 0);
    }

    [Theory]
    [InlineData("http://169.254.169.254/latest/meta-data")]
    [InlineData("file:///etc/passwd")]
    [InlineData("//127.0.0.1/x/y")]
    [InlineData("a/1/x86_64/../../x")]
    [InlineData("a@127.0.0.1:9/1/x86_64/1.0")]
    [InlineData("a/1/x86_64/1.0?x=http:")]
    [InlineData("a/1/x86_64/1.0#x")]
    [InlineData("a%2f..%2f..%2fb/1/x86_64/1.0")]
    public async Task Kernel_that_is_an_address_is_asked_for_nowhere(string kernel)
    {
        await using var upstream = new FakeServer(new FakeServer.Answer(404, []));
        using var asking = new ServiceHost(root: null, ("Archive:Upstream:BaseUrl", upstream.Address + "/mirror/"));
        using var answer = await asking.Http.GetAsync($"/v1/kernels/resolve?kernel={Uri.EscapeDataString(kernel)}");
        await answer.ProblemAsync(HttpStatusCode.BadRequest, "invalid-kernel");
        Assert.Empty(upstream.Requests);
    }

    [Fact]
    public async Task Upstream_that_points_elsewhere_is_not_followed()
    {
        await using var inside = new FakeServer(new FakeServer.Answer(200, Samples.NewBtf));
        foreach (var elsewhere in new[] { inside.Address + "/secret", "file:///etc/passwd", "http://169.254.169.254/" })
        {
            await using var upstream = new FakeServer(new FakeServer.Answer(302, [], ETag: $"\"x\"\r\nLocation: {elsewhere}"));
            using var asking = new ServiceHost(root: null, ("Archive:Upstream:BaseUrl", upstream.Address));
            var problem = await (await asking.Http.GetAsync("/v1/kernels/resolve?kernel=a/1/x86_64/1.0"))
                .ProblemAsync(HttpStatusCode.ServiceUnavailable, "upstream-unavailable");
            Assert.Contains(
                problem["explanation"]!.AsArray(), step => ((string)step!).Contains("which is not followed", StringComparison.Ordinal));
            Assert.NotEmpty(upstream.Requests);
        }

        Assert.Empty(inside.Requests);
    }

    [Fact]
    public async Task No_operation_takes_an_address_to_fetch_from_and_none_that_writes_goes_without_a_key()
    {
        var document = JsonNode.Parse(await closed.Http.GetStringAsync("/openapi/v1.json"))!;
        var asked = 0;
        foreach (var (path, operations) in document["paths"]!.AsObject())
        {
            foreach (var (method, operation) in operations!.AsObject())
            {
                foreach (var parameter in operation!["parameters"]?.AsArray() ?? [])
                {
                    Assert.NotEqual("uri", (string?)parameter!["schema"]?["format"]);
                    Assert.DoesNotContain((string)parameter["name"]!, Addresses);
                }

                if (method is "get" or "head") continue;
                using var request = new HttpRequestMessage(new HttpMethod(method.ToUpperInvariant()),
                    path.Replace("{ref}", "x", StringComparison.Ordinal)
                        + $"?kernel={Samples.NewKernel}")
                { Content = Answers.Body(Samples.Object) };
                using var answer = await closed.Http.SendAsync(request);
                await answer.ProblemAsync(HttpStatusCode.Unauthorized, "key-required");
                asked++;
            }
        }

        Assert.True(asked >= 8, $"{asked} operations that are more than reading");
    }
}
