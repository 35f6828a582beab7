using Relo.Api.Tests.Fixtures;
using Relo.Browser.Fixtures;

namespace Relo.Browser;

/// <summary>The user guide, as a user who searches it would use it.</summary>
public sealed class DocsTests(Chromium chromium, Service service) : IClassFixture<Service>
{
    [Fact]
    public async Task Search_finds_a_section_and_leads_to_it()
    {
        await using var visit = await Visit.BeginAsync(chromium, service.Http.BaseAddress!);
        var page = visit.Page;
        await visit.GoAsync("/docs");
        await page.Keyboard.PressAsync("/");
        await page.Keyboard.TypeAsync("exit status fetch");
        var results = page.Locator("#results a");
        await Assertions.Expect(results.First).ToContainTextAsync("Fleet: Fetch on the nodes");
        await Looks.CheckTextAsync(visit, "docs-search");

        await page.Keyboard.PressAsync("ArrowDown");
        await Assertions.Expect(results.First).ToBeFocusedAsync();
        await page.Keyboard.PressAsync("Enter");
        await Assertions.Expect(page).ToHaveURLAsync(new Uri(visit.Service, "/docs/fleet#fetch-on-the-nodes").ToString());
        await Assertions.Expect(page.Locator("#fetch-on-the-nodes")).ToBeInViewportAsync();
        visit.EndsWell();
    }

    [Fact]
    public async Task Search_says_when_nothing_is_found_and_Escape_closes_it()
    {
        await using var visit = await Visit.BeginAsync(chromium, service.Http.BaseAddress!);
        await visit.GoAsync("/docs/archive");
        var search = visit.Page.GetByRole(AriaRole.Searchbox);
        await search.FillAsync("<b>zebra");
        await Assertions.Expect(visit.Page.Locator("#results")).ToHaveTextAsync("No page has <b>zebra.");
        await search.PressAsync("Escape");
        await Assertions.Expect(visit.Page.Locator("#results")).ToBeHiddenAsync();
        visit.EndsWell();
    }

    [Theory]
    [InlineData(1440)]
    [InlineData(360)]
    public async Task Contents_lead_to_every_page_and_each_looks_well(int width)
    {
        await using var visit = await Visit.BeginAsync(chromium, service.Http.BaseAddress!, width);
        var page = visit.Page;
        await visit.GoAsync("/docs");
        var count = await page.Locator("aside nav > ul > li").CountAsync();
        Assert.True(count > 10, $"{count} pages");
        for (var i = 0; i < count; i++)
        {
            if (width < 960) await page.GetByText("Contents", new() { Exact = true }).First.ClickAsync();
            var entry = page.Locator("aside nav > ul > li > a").Nth(i);
            var name = await entry.InnerTextAsync();
            await entry.ClickAsync();
            await Assertions.Expect(page.Locator("h1")).ToHaveTextAsync(name);
            await Assertions.Expect(page.Locator("aside a[aria-current=page]")).ToHaveTextAsync(name);
            if (width > 960) await Looks.CheckTextAsync(visit, "docs-" + page.Url.Split('/')[^1]);
        }

        visit.EndsWell();
    }

    [Fact]
    public async Task Nothing_moves_while_a_page_loads()
    {
        await using var visit = await Visit.BeginAsync(chromium, service.Http.BaseAddress!);
        await visit.GoAsync("/docs/web-page"); // the one with the picture
        var shift = await visit.Page.EvaluateAsync<double>("""
            () => new Promise(done => {
              let sum = 0;
              new PerformanceObserver(list => list.getEntries().forEach(entry => sum += entry.value)).observe({ type: 'layout-shift', buffered: true });
              setTimeout(() => done(sum), 500);
            })
            """);
        Assert.Equal(0, shift);
        visit.EndsWell();
    }

    [Fact]
    public async Task A_page_that_is_not_there_leads_back_to_the_others()
    {
        await using var visit = await Visit.BeginAsync(chromium, service.Http.BaseAddress!);
        await visit.GoAsync("/docs/nowhere");
        await Assertions.Expect(visit.Page.Locator("h1")).ToHaveTextAsync("No such page");
        await Looks.CheckTextAsync(visit, "docs-missing");
        await visit.Page.GetByRole(AriaRole.Link, new() { Name = "Relo user guide" }).ClickAsync();
        await Assertions.Expect(visit.Page.Locator("h1")).ToHaveTextAsync("Relo user guide");
    }
}
