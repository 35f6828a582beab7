using System.Net;
using Markdig;
using Relo.Api.Tests.Fixtures;
using Relo.Core.Bytes;

namespace Relo.Api.Tests.Relocations;

public sealed class ReadableReportTests : IDisposable
{
    private readonly ServiceHost _service = new(root: null);

    private HttpClient Http => _service.Http;

    [Theory]
    [InlineData("text/plain", "GUARDED: relocations without target: 1 of 11, none of them reached\n  object   tracer.bpf.o, sha256:")]
    [InlineData("text/markdown", "### GUARDED: relocations without target: 1 of 11, none of them reached\n\n| | |\n|---|---|\n| object | ")]
    public async Task Every_route_with_a_JSON_report_has_one_for_people(string form, string expected)
    {
        using var posted = await PostAsync($"kernel={Samples.NewKernel}&name=tracer.bpf.o", form);
        var text = await posted.Content.ReadAsStringAsync();
        Assert.StartsWith(expected, text, StringComparison.Ordinal);
        Assert.EndsWith("\n", text, StringComparison.Ordinal);
        Assert.Equal((form, "utf-8"), (posted.Content.Headers.ContentType?.MediaType, posted.Content.Headers.ContentType?.CharSet));
        Assert.Contains("runqslower-mini.bpf.c", text, StringComparison.Ordinal);

        var address = $"/v1/relocations/{Samples.ObjectDigest.Hex}/{Digest.Of(Samples.NewBtf).Hex}";
        Assert.Equal(text.Replace("tracer.bpf.o, ", "", StringComparison.Ordinal), await GetAsync(address, form));
        (await Http.PostAsync("/v1/objects?name=tracer.bpf.o", Answers.Body(Samples.Object))).EnsureSuccessStatusCode();
        Assert.Equal(text, await GetAsync($"/v1/relocated/tracer.bpf.o?kernel={Samples.NewKernel}", form));
    }

    [Fact]
    public async Task The_address_of_digests_never_changes_and_has_a_tag_for_each_form()
    {
        (await PostAsync($"kernel={Samples.NewKernel}", "application/json")).EnsureSuccessStatusCode();
        var address = $"/v1/relocations/{Samples.ObjectDigest.Hex}/{Digest.Of(Samples.NewBtf).Hex}";
        using var text = await Http.SendAsync(new HttpRequestMessage(HttpMethod.Get, address).Accepting("text/plain"));
        Assert.Equal(("public, max-age=31536000, immutable", "Accept"), (text.Header("Cache-Control"), text.Header("Vary")?.Split(',')[0]));
        using var again = new HttpRequestMessage(HttpMethod.Get, address).Accepting("text/plain");
        again.Headers.IfNoneMatch.Add(text.Headers.ETag!);
        Assert.Equal(HttpStatusCode.NotModified, (await Http.SendAsync(again)).StatusCode);
        using var other = new HttpRequestMessage(HttpMethod.Get, address).Accepting("text/markdown");
        other.Headers.IfNoneMatch.Add(text.Headers.ETag!);
        Assert.Equal(HttpStatusCode.OK, (await Http.SendAsync(other)).StatusCode);
    }

    [Theory]
    [InlineData("fields=summary")]
    [InlineData("relocationsLimit=5")]
    [InlineData("include=object")]
    public async Task Parameters_of_the_JSON_report_are_refused(string parameter)
    {
        using var answer = await PostAsync($"kernel={Samples.NewKernel}&{parameter}", "text/plain");
        await answer.ProblemAsync(HttpStatusCode.BadRequest, "invalid-parameter");
    }

    [Fact]
    public async Task A_refused_outcome_is_the_problem_with_the_report()
    {
        using var answer = await PostAsync($"kernel={Samples.NewKernel}&failOn=poisoned", "text/plain");
        Assert.NotNull((await answer.ProblemAsync(HttpStatusCode.UnprocessableEntity, "relocation-unusable"))["report"]);
    }

    [Fact]
    public async Task An_unknown_form_is_refused_with_all_that_there_are()
    {
        using var answer = await PostAsync($"kernel={Samples.NewKernel}", "text/html");
        var problem = await answer.ProblemAsync(HttpStatusCode.NotAcceptable, "not-acceptable");
        Assert.Equal(["application/json", "application/octet-stream", "application/zip", "text/plain", "text/markdown"],
            problem["offers"]!.AsArray().Select(form => (string?)form));
    }

    [Fact]
    public async Task A_hostile_name_stays_in_its_cell()
    {
        const string hostile = "x`|</code></table><script>alert(1)</script>[a](http://e)<details>";
        using var answer = await PostAsync($"kernel={Samples.NewKernel}&name={Uri.EscapeDataString(hostile)}", "text/markdown");
        var markdown = await answer.Content.ReadAsStringAsync();
        var html = Markdown.ToHtml(markdown, new MarkdownPipelineBuilder().UseAdvancedExtensions().Build());
        Assert.DoesNotContain("<script", html, StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain("href", html, StringComparison.Ordinal);
        Assert.Equal(html.Split("<details>").Length, html.Split("</details>").Length);
        var cells = markdown.Split('\n').First(line => line.StartsWith("| object", StringComparison.Ordinal)).Count(c => c == '|');
        Assert.Equal(3, cells);
    }

    public void Dispose() => _service.Dispose();

    private Task<HttpResponseMessage> PostAsync(string query, string form) => Http.SendAsync(
        new HttpRequestMessage(HttpMethod.Post, $"/v1/relocations?{query}") { Content = Answers.Body(Samples.Object) }.Accepting(form));

    private async Task<string> GetAsync(string address, string form)
    {
        using var answer = await Http.SendAsync(new HttpRequestMessage(HttpMethod.Get, address).Accepting(form));
        Assert.Equal(form, answer.Content.Headers.ContentType?.MediaType);
        return await answer.Content.ReadAsStringAsync();
    }
}
