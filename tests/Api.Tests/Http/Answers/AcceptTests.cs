using System.Net;
using Relo.Api.Tests.Fixtures;
using Relo.Api.Tests.OpenApi;

namespace Relo.Api.Tests.Http;

public sealed class AcceptTests(Service service) : IClassFixture<Service>
{
    [Fact]
    public async Task Every_operation_that_answers_with_something_refuses_an_Accept_it_cannot_serve_and_lists_what_there_is()
    {
        var asked = 0;
        foreach (var (path, method, operation) in (await OpenApiTests.OperationsAsync(service.Http))
            .Where(o => !o.Path.StartsWith("/api/", StringComparison.Ordinal) && o.Method != "delete"))
        {
            using var request = new HttpRequestMessage(new HttpMethod(method.ToUpperInvariant()), path.Replace('{', 'x').Replace('}', 'x'))
                .Accepting("image/png");
            if (method == "post") request.Content = Answers.Body(Samples.Object);
            var problem = await (await service.Http.SendAsync(request)).ProblemAsync(HttpStatusCode.NotAcceptable, "not-acceptable");
            var documented = operation["responses"]!.AsObject().Where(r => r.Key.StartsWith('2'))
                .SelectMany(r => r.Value!["content"]!.AsObject().Select(c => c.Key)).Distinct();
            Assert.Equal(documented.Order(StringComparer.Ordinal),
                problem["offers"]!.AsArray().Select(o => (string)o!).Order(StringComparer.Ordinal));
            asked++;
        }

        Assert.True(asked >= 18, $"{asked} operations");
    }

    [Theory]
    [InlineData("/healthz/live")]
    [InlineData("/healthz/ready")]
    public async Task Health_is_JSON_and_nothing_else(string path)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, path).Accepting("text/html");
        await (await service.Http.SendAsync(request)).ProblemAsync(HttpStatusCode.NotAcceptable, "not-acceptable");
    }

    [Theory]
    [InlineData("/", "text/html")]
    [InlineData("/app.css", "text/css")]
    [InlineData("/samples/runqslower-mini.bpf.o", "application/octet-stream")]
    [InlineData("/docs", "text/html")]
    [InlineData("/metrics", "text/plain")]
    [InlineData("/openapi/v1.json", "application/json")]
    public async Task Files_the_document_and_metrics_are_sent_only_to_clients_that_accept_them(string path, string type)
    {
        using var refused = new HttpRequestMessage(HttpMethod.Get, path).Accepting("image/png");
        var problem = await (await service.Http.SendAsync(refused)).ProblemAsync(HttpStatusCode.NotAcceptable, "not-acceptable");
        Assert.Contains(type, problem["offers"]!.AsArray().Select(offer => (string)offer!));

        using var asked = new HttpRequestMessage(HttpMethod.Get, path).Accepting(type);
        using var answer = await service.Http.SendAsync(asked);
        Assert.Equal((HttpStatusCode.OK, type), (answer.StatusCode, answer.Content.Headers.ContentType?.MediaType));
    }

    [Fact]
    public async Task Minimal_BTF_of_one_kernel_is_no_archive_and_that_of_many_is()
    {
        await (await AskAsync($"kernel={Samples.NewKernel}", "application/gzip"))
            .ProblemAsync(HttpStatusCode.NotAcceptable, "not-acceptable");
        await (await AskAsync("release=*", "application/octet-stream")).ProblemAsync(HttpStatusCode.NotAcceptable, "not-acceptable");
        Assert.Equal("application/gzip", (await AskAsync("release=*", "application/gzip")).Content.Headers.ContentType?.MediaType);

        Task<HttpResponseMessage> AskAsync(string query, string accept)
            => service.Http.SendAsync(new HttpRequestMessage(
                HttpMethod.Post, $"/v1/minimal-btf?{query}")
            { Content = Answers.Body(Samples.Object) }.Accepting(accept));
    }

    [Theory]
    [InlineData("*/*", true)] // curl, wget, a script's fetch()
    [InlineData("text/html,application/xhtml+xml,*/*;q=0.8", true)] // a browser
    [InlineData("application/*", true)]
    [InlineData("application/json", false)]
    [InlineData("application/json, */*", false)]
    [InlineData("application/problem+json, application/*", false)]
    [InlineData(null, false)] // Go's and .NET's clients
    public async Task Answers_are_indented_for_those_who_read_them_and_end_with_a_newline_for_all(string? accept, bool isIndented)
    {
        foreach (var address in new[]
        {
            "/v1/kernels?limit=1", "/v1/kernels/resolve?kernel=" + Samples.NewKernel, "/v1/kernels/resolve?kernel=9.9.9",
            "/v1/no-such-route", "/healthz/ready", "/v1/objects",
        })
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, address);
            if (accept is not null) request.Headers.TryAddWithoutValidation("Accept", accept);
            using var answer = await service.Http.SendAsync(request);
            var text = await answer.Content.ReadAsStringAsync();
            Assert.EndsWith("}\n", text, StringComparison.Ordinal);
            Assert.Equal(isIndented, text.StartsWith("{\n  \"", StringComparison.Ordinal));
        }
    }

    [Fact]
    public async Task Report_is_indented_alike_and_its_ETag_is_that_of_what_is_sent()
    {
        using var asked = new HttpRequestMessage(
            HttpMethod.Post, $"/v1/relocations?kernel={Samples.NewKernel}")
        { Content = Answers.Body(Samples.Object) };
        var report = await service.Http.SendAsync(asked.Accepting("*/*"));
        Assert.StartsWith("{\n  \"object\": {\n", await report.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        var address = ((string)(await report.JsonAsync())["patched"]!["url"]!)[..^"/object".Length];
        var (read, parsed) = (await GetAsync("*/*"), await GetAsync("application/json"));
        Assert.NotEqual(read.Headers.ETag, parsed.Headers.ETag);
        Assert.Equal("Accept", read.Header("Vary"));
        Assert.Equal($"\"{Core.Bytes.Digest.Of(await read.Content.ReadAsByteArrayAsync())}\"", read.Headers.ETag!.Tag);

        Task<HttpResponseMessage> GetAsync(string accept) =>
            service.Http.SendAsync(new HttpRequestMessage(HttpMethod.Get, address).Accepting(accept));
    }
}
