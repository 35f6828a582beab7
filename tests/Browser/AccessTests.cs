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
        var page = visit.Page;
        await visit.GoAsync();
        await page.SetInputFilesAsync("#file", new FilePayload { Name = "mine.bpf.o", MimeType = "application/octet-stream", Buffer = Samples.Object });
        await Assertions.Expect(page.Locator("#ask-hint")).ToContainTextAsync("not stored: that needs a key");
        await page.GetByRole(AriaRole.Combobox).FillAsync(Samples.NewKernel);
        await page.GetByRole(AriaRole.Combobox).PressAsync("Enter");
        await Assertions.Expect(page.Locator(".bar-verdict")).ToContainTextAsync("Guarded");
        await page.Locator(".chip > summary").First.ClickAsync();
        await Assertions.Expect(page.Locator(".chip").First).ToContainTextAsync("Programs and maps");
        visit.EndsWell();
    }

    [Fact]
    public async Task Where_everything_needs_a_key_the_page_asks_for_it_and_forgets_it_with_the_tab()
    {
        using var service = new ServiceHost(root: null, ("Access:Mode", "KeysForAll"), ("Access:Keys:ci", Key));
        await using var visit = await Visit.BeginAsync(chromium, service.Http.BaseAddress!);
        var page = visit.Page;
        await visit.GoAsync("/#/archive");
        var problem = page.Locator(".archive-list .problem");
        await Assertions.Expect(problem).ToContainTextAsync("An API key is needed");
        await problem.GetByRole(AriaRole.Button, new() { Name = "Enter a key" }).ClickAsync();
        await Assertions.Expect(page.GetByLabel("X-Api-Key")).ToBeFocusedAsync();
        await Looks.CheckAsync(visit, "key");

        await page.Keyboard.TypeAsync(Key);
        await page.Keyboard.PressAsync("Enter"); // or "Use it"
        await Assertions.Expect(page.Locator(".archive-list")).ToContainTextAsync(Samples.NewKernel);
        await Assertions.Expect(page.GetByLabel("X-Api-Key")).ToBeHiddenAsync();
        Assert.Equal(0, await page.EvaluateAsync<int>("() => localStorage.length + document.cookie.length"));
        visit.EndsWell();
    }
}
