using Relo.Api.Tests.Fixtures;
using Relo.Browser.Fixtures;

namespace Relo.Browser;

/// <summary>The start: an object, a kernel, one button; and three examples.</summary>
public sealed class StartTests(Chromium chromium, Service service) : IClassFixture<Service>
{
    [Fact]
    public async Task Start_says_what_Relo_is_and_looks_well()
    {
        await using var visit = await Visit.BeginAsync(chromium, service.Http.BaseAddress!);
        await visit.GoAsync();
        await Assertions.Expect(visit.Page.Locator("h1")).ToContainTextAsync("so that it loads without kernel BTF, and shows what changed");
        await Assertions.Expect(visit.Page.Locator("#start-archive")).ToContainTextAsync("The archive has");
        await visit.NothingMovedAsync();
        await Looks.CheckAsync(visit, "start");
    }

    [Theory]
    [InlineData("A field that moved", ".bar-verdict", "3 fields moved")]
    [InlineData("A broken access", ".bar-verdict", "task_struct.__state does not exist on this kernel, and line 30 of unguarded-mini.bpf.c uses it")]
    [InlineData("One object, all kernels", ".many-groups", "different results")]
    public async Task Each_example_is_one_click(string example, string place, string answer)
    {
        await using var visit = await Visit.BeginAsync(chromium, service.Http.BaseAddress!);
        await visit.GoAsync();
        await visit.Page.GetByRole(AriaRole.Link, new() { Name = example }).ClickAsync();
        await Assertions.Expect(visit.Page.Locator(place)).ToContainTextAsync(answer);
        await visit.NothingMovedAsync();
        visit.EndsWell();
    }

    [Fact]
    public async Task A_slow_press_right_after_typing_a_kernel_is_a_click()
    {
        await using var visit = await Visit.BeginAsync(chromium, service.Http.BaseAddress!);
        var page = visit.Page;
        await visit.GoAsync();
        await ChooseAsync(visit, "mine.bpf.o", Samples.Object);
        await page.GetByRole(AriaRole.Combobox).FillAsync("5.11.0-syscall-work");
        await page.GetByRole(AriaRole.Combobox).PressAsync("Escape");
        var box = (await visit.Button("Relocate").BoundingBoxAsync())!;
        await page.Mouse.MoveAsync(box.X + 20, box.Y + 10);
        await page.Mouse.DownAsync();
        await page.WaitForTimeoutAsync(900); // the field loses the focus, and what was typed is explained
        await page.Mouse.UpAsync();
        await Assertions.Expect(page.Locator(".bar-verdict")).ToContainTextAsync("Guarded");
        await visit.NothingMovedAsync();
        visit.EndsWell();
    }

    [Fact]
    public async Task By_keyboard_alone_a_kernel_is_chosen_and_Tab_leads_to_the_button()
    {
        await using var visit = await Visit.BeginAsync(chromium, service.Http.BaseAddress!);
        var page = visit.Page;
        await visit.GoAsync();
        await ChooseAsync(visit, "mine.bpf.o", Samples.Object);
        await page.Keyboard.PressAsync("/");
        await Assertions.Expect(page.GetByRole(AriaRole.Combobox)).ToBeFocusedAsync();
        await page.Keyboard.TypeAsync("syscall");
        await Assertions.Expect(page.GetByRole(AriaRole.Option)).ToHaveTextAsync([Samples.NewKernel]);
        await Looks.CheckAsync(visit, "suggestions");
        await page.Keyboard.PressAsync("ArrowDown");
        await page.Keyboard.PressAsync("Enter");
        await Assertions.Expect(page.Locator("#start .kernel-says")).ToContainTextAsync($"✓ {Samples.NewKernel}");
        await page.Keyboard.PressAsync("Tab");
        await Assertions.Expect(visit.Button("Relocate")).ToBeFocusedAsync();
        await page.Keyboard.PressAsync("Enter");
        await Assertions.Expect(page.Locator(".bar-verdict")).ToContainTextAsync("Guarded");
        visit.EndsWell();
    }

    [Fact]
    public async Task Pasted_texts_of_a_node_name_its_kernel()
    {
        await using var visit = await Visit.BeginAsync(chromium, service.Http.BaseAddress!);
        var page = visit.Page;
        await visit.GoAsync();
        var (field, says) = (page.GetByRole(AriaRole.Combobox), page.Locator("#start .kernel-says"));
        await field.FillAsync("Linux node 5.11.0-syscall-work #1 SMP x86_64 GNU/Linux");
        await Assertions.Expect(says).ToContainTextAsync($"✓ {Samples.NewKernel}");
        await field.FillAsync("NAME=\"Sample Linux\" ID=sample VERSION_ID=\"1\" 5.10.0-flags-status");
        await Assertions.Expect(field).ToHaveValueAsync("5.10.0-flags-status");
        await Assertions.Expect(says).ToContainTextAsync($"✓ {Samples.OldKernel}");
        await field.FillAsync("NAME=\"Sample Linux\" ID=sample VERSION_ID=\"1\"");
        await Assertions.Expect(says).ToContainTextAsync("os-release says sample 1");
        visit.EndsWell();
    }

    [Fact]
    public async Task Without_an_object_or_a_kernel_the_page_asks_for_it()
    {
        await using var visit = await Visit.BeginAsync(chromium, service.Http.BaseAddress!);
        await visit.GoAsync("/#/relocate"); // the form of the start is the form of this view
        await visit.Button("Relocate").ClickAsync();
        await Assertions.Expect(visit.Page.Locator("#ask-status")).ToHaveTextAsync("Choose an object first.");
        await ChooseAsync(visit, "mine.bpf.o", Samples.Object);
        await visit.Button("Relocate").ClickAsync();
        await Assertions.Expect(visit.Page.Locator("#ask-status")).ToContainTextAsync("Which kernel?");
        await visit.Button("Check all kernels").ClickAsync();
        await Assertions.Expect(visit.Page.Locator(".many-groups")).ToContainTextAsync("different results");
        visit.EndsWell();
    }

    [Fact]
    public async Task On_a_slow_line_the_page_is_there_at_once_and_works_when_it_is_loaded()
    {
        await using var visit = await Visit.BeginAsync(chromium, service.Http.BaseAddress!);
        await visit.SlowDownAsync(bytesPerSecond: 125_000); // 1 Mbit/s
        await visit.Page.GotoAsync(visit.Service.ToString(), new() { WaitUntil = WaitUntilState.Commit });
        await visit.Page.GetByRole(AriaRole.Link, new() { Name = "A field that moved" }).ClickAsync(); // perhaps before any script is here
        await Assertions.Expect(visit.Page.Locator(".bar-verdict")).ToContainTextAsync("Guarded");
        var paint = await visit.Page.EvaluateAsync<double>("() => performance.getEntriesByName('first-contentful-paint')[0].startTime");
        var ready = await visit.Page.EvaluateAsync<double>("() => Math.max(...performance.getEntriesByType('resource').filter(r => r.name.includes('/page/')).map(r => r.responseEnd))");
        TestContext.Current.TestOutputHelper!.WriteLine($"1 Mbit/s: first paint after {paint:0} ms, all modules after {ready:0} ms");
        visit.EndsWell();
    }

    internal static async Task ChooseAsync(Visit visit, string name, byte[] bytes)
    {
        await visit.Page.SetInputFilesAsync("#file", new FilePayload { Name = name, MimeType = "application/octet-stream", Buffer = bytes });
        await Assertions.Expect(visit.Page.Locator("#ask-hint")).ToContainTextAsync("program");
    }
}
