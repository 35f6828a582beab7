using System.Net;
using System.Text.RegularExpressions;
using Relo.Api.Tests.Fixtures;

namespace Relo.Api.Tests.Ops;

public sealed partial class PageTests(Service service) : IClassFixture<Service>
{
    [Fact]
    public async Task Page_and_all_it_loads_come_from_this_service()
    {
        using var answer = await service.Http.GetAsync("/");
        Assert.Equal("text/html", answer.Content.Headers.ContentType?.MediaType);
        var page = await answer.Content.ReadAsStringAsync();
        var parts = Loaded().Matches(page).Select(m => m.Groups[1].Value).Where(p => !p.StartsWith("data:", StringComparison.Ordinal))
            .ToList();
        Assert.Contains("page/app.js", parts);
        Assert.All(parts, part => Assert.DoesNotContain("//", part, StringComparison.Ordinal));
        foreach (var part in parts) Assert.True((await service.Http.GetAsync("/" + part)).IsSuccessStatusCode, part);
    }

    [Fact]
    public async Task Every_module_that_a_module_imports_is_served()
    {
        var waiting = new Queue<string>(["app.js"]);
        var seen = new HashSet<string>(StringComparer.Ordinal);
        while (waiting.TryDequeue(out var module))
        {
            if (!seen.Add(module)) continue;
            using var answer = await service.Http.GetAsync($"/page/{module}");
            Assert.True(answer.IsSuccessStatusCode, module);
            Assert.Equal("text/javascript", answer.Content.Headers.ContentType?.MediaType); // browsers refuse modules of another type
            foreach (Match import in Imported().Matches(await answer.Content.ReadAsStringAsync())) waiting.Enqueue(import.Groups[1].Value);
        }

        Assert.True(seen.Count > 10, $"{seen.Count} modules");
    }

    [Fact]
    public async Task Every_module_is_announced_in_the_page_so_that_a_slow_line_waits_once()
    {
        var page = await service.Http.GetStringAsync(new Uri("/", UriKind.Relative));
        var announced = Preloaded().Matches(page).Select(m => m.Groups[1].Value).Append("app.js").Append("first.js");
        var modules = Directory.EnumerateFiles(Path.Combine(AppContext.BaseDirectory, "wwwroot", "page"), "*.js").Select(Path.GetFileName);
        Assert.Equal(modules.Order(StringComparer.Ordinal), announced.Order(StringComparer.Ordinal));
    }

    [Theory]
    [InlineData("/")]
    [InlineData("/problems/kernel-not-found")]
    [InlineData("/swagger/index.html")]
    public async Task Pages_may_run_nothing_but_files_of_this_service(string path)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, path) { Headers = { { "Accept", "text/html" } } };
        using var answer = await service.Http.SendAsync(request);
        Assert.Equal("text/html", answer.Content.Headers.ContentType?.MediaType);
        var policy = Assert.Single(answer.Headers.GetValues("Content-Security-Policy"));
        Assert.Contains("default-src 'none'", policy, StringComparison.Ordinal);
        Assert.Contains("script-src 'self';", policy, StringComparison.Ordinal);
        Assert.DoesNotContain("unsafe", policy, StringComparison.Ordinal);
        Assert.DoesNotMatch(Inline(), await answer.Content.ReadAsStringAsync());
    }

    [Fact]
    public async Task Parts_of_the_page_are_asked_for_each_time_and_sent_only_when_they_changed()
    {
        using var first = await service.Http.GetAsync("/page/app.js");
        Assert.True(first.Headers.CacheControl?.NoCache);
        using var again = new HttpRequestMessage(HttpMethod.Get, "/page/app.js") { Headers = { IfNoneMatch = { first.Headers.ETag! } } };
        using var answer = await service.Http.SendAsync(again);
        Assert.Equal(HttpStatusCode.NotModified, answer.StatusCode);
    }

    [Fact]
    public async Task Sample_is_the_object_of_the_tests()
        => Assert.Equal(Samples.Object, await service.Http.GetByteArrayAsync(new Uri("/samples/runqslower-mini.bpf.o", UriKind.Relative)));

    [Theory]
    [InlineData("/samples/runqslower-mini.bpf.c", "text/plain")]
    [InlineData("/samples/README.md", "text/plain")]
    [InlineData("/samples/kernels/" + Samples.NewKernel + ".btf", "application/octet-stream")]
    public async Task Sources_are_shown_and_binaries_are_saved(string path, string type)
        => Assert.Equal(type, (await service.Http.GetAsync(path)).Content.Headers.ContentType?.MediaType);

    [GeneratedRegex("rel=\"modulepreload\" fetchpriority=\"low\" href=\"page/([^\"]+)\"")]
    private static partial Regex Preloaded();

    [GeneratedRegex("(?:href|src)=\"([^\"#]+)\"")]
    private static partial Regex Loaded();

    [GeneratedRegex("^import .* from '\\./(.+)';", RegexOptions.Multiline)]
    private static partial Regex Imported();

    [GeneratedRegex("<style|<script(?![^>]*src=)|style=|onload=|javascript:")]
    private static partial Regex Inline();
}
