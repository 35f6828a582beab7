using Relo.Api.Tests.Fixtures;
using Relo.Browser.Fixtures;

namespace Relo.Browser;

/// <summary>A service that requires keys.</summary>
public sealed class AccessTests(Chromium chromium)
{
    private const string Key = "open-sesame-0123456789";

    [Fact]
    public async Task Without_a_key_an_object_is_relocated_where_only_keeping_needs_one()
    {
        using var service = new ServiceHost(root: null, ("Access:Mode", "Keys"), ("Access:Keys:ci", Key));
        await using var visit = await Visit.BeginAsync(chromium, service.Http.BaseAddress!);
        await visit.GoAsync();
        await visit.Button("Use the sample").ClickAsync();
        await Assertions.Expect(visit.Page.Locator("#object-status")).ToContainTextAsync("only for callers whose key allows it");
        await visit.Button("Relocate").ClickAsync();
        await Assertions.Expect(visit.Page.Locator(".badge")).ToHaveTextAsync("guarded");
        await Assertions.Expect(visit.Page.Locator("#contents")).ToContainTextAsync("handle_sched_switch");
        visit.EndsWell();
    }

    [Fact]
    public async Task Where_everything_needs_a_key_the_page_asks_for_it_and_forgets_it_with_the_tab()
    {
        using var service = new ServiceHost(root: null, ("Access:Mode", "KeysForAll"), ("Access:Keys:ci", Key));
        await using var visit = await Visit.BeginAsync(chromium, service.Http.BaseAddress!);
        var page = visit.Page;
        await visit.GoAsync("/#/archive");
        await Assertions.Expect(page.Locator("#a-status")).ToContainTextAsync("An API key is needed");
        await page.Locator("#a-status").GetByRole(AriaRole.Button, new() { Name = "Enter a key" }).ClickAsync();
        await Assertions.Expect(page.GetByLabel("X-Api-Key")).ToBeFocusedAsync();
        await Looks.CheckAsync(visit, "key");

        await page.Keyboard.TypeAsync(Key);
        await page.Keyboard.PressAsync("Escape");
        await page.GetByLabel("Words of the id").FillAsync("syscall");
        await Assertions.Expect(page.Locator("#a-list")).ToContainTextAsync(Samples.NewKernel);
        Assert.Equal(0, await page.EvaluateAsync<int>("() => localStorage.length + document.cookie.length"));
        visit.EndsWell();
    }
}
