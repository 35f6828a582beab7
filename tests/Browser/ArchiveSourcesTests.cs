using System.Text.RegularExpressions;
using Relo.Api.Tests.Fixtures;
using Relo.Browser.Fixtures;

namespace Relo.Browser;

/// <summary>What the sources list and the archive does not have.</summary>
public sealed class ArchiveSourcesTests(Chromium chromium)
{
    [Fact]
    public async Task What_the_sources_list_and_the_archive_lacks_is_shown_with_the_reasons()
    {
        using var service = new ServiceHost(root: null);
        await SourceLists.WriteAsync(service, lacking: 250);
        await using var visit = await Visit.BeginAsync(chromium, service.Http.BaseAddress!);
        var page = visit.Page;
        await visit.GoAsync("/#/archive");
        var sources = page.Locator(".archive-coverage details").Last;
        await Assertions.Expect(sources).ToContainTextAsync("254 kernels listed by debian, ubuntu; 1 here, 2 failed");
        await sources.Locator("summary").ClickAsync();
        var rows = sources.Locator("tbody > tr:visible");
        await Assertions.Expect(rows).ToHaveCountAsync(2);
        await Assertions.Expect(rows.First).ToContainTextAsync(new Regex("debian 12 x86_64.*4.*1.*2.*1"));
        await visit.NothingMovedAsync();
        await rows.First.GetByRole(AriaRole.Button).ClickAsync();
        await Assertions.Expect(sources.Locator("li")).ToHaveCountAsync(3);
        await Assertions.Expect(sources.Locator("li").First).ToContainTextAsync("6.1.0-3-amd64 its kernel has no BTF");
        await Assertions.Expect(sources.Locator("li").Last).ToContainTextAsync("not tried yet, from debian");
        await Looks.CheckAsync(visit, "archive-sources");

        await rows.Last.GetByRole(AriaRole.Button).ClickAsync();
        await Assertions.Expect(sources.Locator("li")).ToHaveCountAsync(103);
        await visit.Button("Show 100 more of 150").ClickAsync();
        await visit.Button("Show 50 more of 50").ClickAsync();
        await Assertions.Expect(sources.Locator("li")).ToHaveCountAsync(253);
        await Assertions.Expect(sources.GetByText(new Regex("Show .* more"))).ToHaveCountAsync(0);

        await visit.GoAsync("/#/archive?distro=fedora"); // none of the sources lists one
        await Assertions.Expect(page.Locator(".archive-list .empty")).ToBeVisibleAsync();
        await Assertions.Expect(page.Locator(".archive-coverage details")).ToHaveCountAsync(1);
        visit.EndsWell();
    }
}
