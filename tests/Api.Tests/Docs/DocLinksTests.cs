using System.Text.RegularExpressions;
using Markdig;
using Markdig.Extensions.AutoIdentifiers;
using Markdig.Renderers.Html;
using Markdig.Syntax;
using Markdig.Syntax.Inlines;
using Relo.Api.Tests.Fixtures;

namespace Relo.Api.Tests.Docs;

/// <summary>Every link and every path in the Markdown files, resolved in the repository and on the service.</summary>
public sealed partial class DocLinksTests(Service service) : IClassFixture<Service>
{
    private static readonly MarkdownPipeline Pipeline
        = new MarkdownPipelineBuilder().UsePipeTables().UseAutoIdentifiers(AutoIdentifierOptions.GitHub).Build();

    public static TheoryData<string> Files => [.. DocFile.All.Select(file => file.Path)];

    [Theory]
    [MemberData(nameof(Files))]
    public void Each_link_in_the_repository_leads_to_a_file_and_a_heading(string file)
    {
        foreach (var link in Links(file))
        {
            if (link.StartsWith('/') || Uri.TryCreate(link, UriKind.Absolute, out _)) continue; // of the service, or of others
            var (path, fragment) = link.Split('#') is [var p, var f] ? (p, f) : (link, null);
            var target = path.Length == 0 ? file : Path.Combine(Path.GetDirectoryName(file)!, path);
            Assert.True(Path.Exists(Path.Combine(Repository.Root, target)), $"{file} links to {link}, which is not there");
            if (fragment is not null) Assert.True(Headings(target).Contains(fragment), $"{file} links to {link}: no such heading");
        }
    }

    [Theory]
    [MemberData(nameof(Files))]
    public void Each_path_that_is_named_exists(string file)
    {
        var named = Parse(file).Descendants<CodeInline>().Select(code => code.Content);
        foreach (var path in named.Where(text => OfRepository().IsMatch(text)))
            Assert.True(Path.Exists(Path.Combine(Repository.Root, path)), $"{file} names {path}, which is not there");
    }

    [Fact]
    public async Task Each_link_of_the_user_guide_is_answered_by_the_service_and_has_its_heading()
    {
        var seen = new HashSet<string>(StringComparer.Ordinal);
        var waiting = new Queue<string>(["/docs"]);
        while (waiting.TryDequeue(out var address))
        {
            var html = await PageAsync(address);
            foreach (var link in Link().Matches(html).Select(m => m.Groups[1].Value))
            {
                if (Uri.IsWellFormedUriString(link, UriKind.Absolute)) continue; // of others
                var (path, fragment) = link.Split('#') is [var p, var f] ? (p, f) : (link, null);
                var target = path.Length == 0 ? address : new Uri(new Uri(service.Http.BaseAddress!, address), path).AbsolutePath;
                var isPage = target.StartsWith("/docs", StringComparison.Ordinal) && !target.Contains('.', StringComparison.Ordinal);
                if (seen.Add(target) && isPage) waiting.Enqueue(target);
                var text = await PageAsync(target);
                if (isPage && fragment is not null)
                    Assert.True(text.Contains($"id=\"{fragment}\"", StringComparison.Ordinal), $"{address} links to {link}");
            }
        }

        Assert.True(seen.Count(path => path.StartsWith("/docs/", StringComparison.Ordinal)) > 10, string.Join(' ', seen));
    }

    [Fact]
    public void Contents_name_each_page()
    {
        var pages = DocFile.WithCommands.Select(file => Path.GetFileName(file.Path)).Where(name => name is not ("README.md" or "index.md"));
        var named = Links("wwwroot/docs/index.md").Where(url => !url.Contains('/', StringComparison.Ordinal));
        Assert.Equal(pages.Order(StringComparer.Ordinal), named.Distinct().Order(StringComparer.Ordinal));
    }

    private readonly Dictionary<string, string> _pages = new(StringComparer.Ordinal);

    private async Task<string> PageAsync(string address)
    {
        if (_pages.TryGetValue(address, out var known)) return known;
        using var request = new HttpRequestMessage(HttpMethod.Get, address) { Headers = { { "Accept", "text/html,*/*;q=0.8" } } };
        using var answer = await service.Http.SendAsync(request);
        Assert.True(answer.IsSuccessStatusCode, $"{address}: {answer.StatusCode}");
        return _pages[address] = await answer.Content.ReadAsStringAsync();
    }

    private static HashSet<string> Headings(string file)
        => [.. Parse(file).Descendants<HeadingBlock>().Select(heading => heading.GetAttributes().Id!)];

    private static IEnumerable<string> Links(string file) => Parse(file).Descendants<LinkInline>().Select(link => link.Url!);

    private static MarkdownDocument Parse(string file) => Markdown.Parse(new DocFile(file).Text, Pipeline);

    // src/…, tests/… or wwwroot/…, without a placeholder; what the tests write is not there yet.
    [GeneratedRegex(@"^(src|tests|wwwroot)(?!/output/)(/[\w.-]+)+/?$")]
    private static partial Regex OfRepository();

    [GeneratedRegex("(?:href|src)=\"([^\"]+)\"")]
    private static partial Regex Link();
}
