using System.Net;
using Relo.Api.Tests.Fixtures;

namespace Relo.Api.Tests.Docs;

public sealed class DocRouteTests(Service service) : IClassFixture<Service>
{
    private const string Browser = "text/html,application/xhtml+xml,*/*;q=0.8";

    [Theory]
    [InlineData("/docs")]
    [InlineData("/docs/")]
    [InlineData("/docs/archive")]
    public async Task Page_is_html_for_browsers_and_for_curl(string address)
    {
        foreach (var accept in new[] { Browser, "*/*" })
        {
            using var answer = await GetAsync(address, accept);
            Assert.Equal((HttpStatusCode.OK, "text/html"), (answer.StatusCode, answer.Content.Headers.ContentType?.MediaType));
            Assert.NotNull(answer.Headers.ETag);
            Assert.Contains("<h1", await answer.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task Source_is_sent_to_who_accepts_markdown()
    {
        using var answer = await GetAsync("/docs/archive", "text/markdown");
        Assert.Equal("text/markdown", answer.Content.Headers.ContentType?.MediaType);
        Assert.Equal(new DocFile("wwwroot/docs/archive.md").Text, await answer.Content.ReadAsStringAsync());
    }

    [Fact]
    public async Task Page_has_nothing_that_the_policy_of_the_site_forbids()
    {
        foreach (var page in DocFile.WithCommands.Skip(1).Select(file => Path.GetFileNameWithoutExtension(file.Path)))
        {
            using var answer = await GetAsync($"/docs/{page}", Browser);
            Assert.Contains(
                "default-src 'none'", Assert.Single(answer.Headers.GetValues("Content-Security-Policy")), StringComparison.Ordinal);
            var html = await answer.Content.ReadAsStringAsync();
            Assert.DoesNotContain(" style=", html, StringComparison.Ordinal);
            Assert.DoesNotContain("<script>", html, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task Each_cell_of_a_table_names_its_column_for_narrow_windows()
    {
        using var answer = await GetAsync("/docs/configuration", Browser);
        Assert.Contains(
            "<td data-label=\"setting\"><code>Archive:Root</code></td>\n<td data-label=\"default\"><code>./data</code></td>\n<td data-label=\"meaning\">",
            await answer.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Missing_page_is_a_page_for_browsers_and_a_problem_for_others()
    {
        using var page = await GetAsync("/docs/no<b>where", Browser);
        Assert.Equal((HttpStatusCode.NotFound, "text/html"), (page.StatusCode, page.Content.Headers.ContentType?.MediaType));
        Assert.Contains("no&lt;b&gt;where", await page.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        using var problem = await GetAsync("/docs/nowhere", "*/*");
        Assert.Equal(
            (HttpStatusCode.NotFound, "application/problem+json"), (problem.StatusCode, problem.Content.Headers.ContentType?.MediaType));
    }

    private async Task<HttpResponseMessage> GetAsync(string address, string accept)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, address) { Headers = { { "Accept", accept } } };
        return await service.Http.SendAsync(request);
    }
}
