using Relo.Api.Tests.Fixtures;
using Relo.Browser.Fixtures;

namespace Relo.Browser;

/// <summary>Types: search, layout, one field, difference.</summary>
public sealed class TypesTests(Chromium chromium, Service service) : IClassFixture<Service>
{
    [Fact]
    public async Task A_type_is_found_by_a_part_of_a_name_and_its_layout_is_shown()
    {
        await using var visit = await Visit.BeginAsync(chromium, service.Http.BaseAddress!);
        var page = visit.Page;
        await visit.GoAsync($"/#/types?kernel={Samples.NewKernel}");
        await Assertions.Expect(page.Locator(".empty")).ToContainTextAsync("Every type of a kernel");
        await Looks.CheckAsync(visit, "types-start");
        await page.Keyboard.PressAsync("/");
        await page.Keyboard.TypeAsync("sta");
        await Assertions.Expect(page.Locator(".type-results")).ToContainTextAsync("volatile long state");
        await Looks.CheckAsync(visit, "types-search");
        await page.GetByRole(AriaRole.Link, new() { Name = "state", Exact = true }).ClickAsync();
        await Assertions.Expect(page.Locator(".type-head h1")).ToHaveTextAsync("struct task_struct");
        await Assertions.Expect(page.Locator(".chosen")).ToHaveTextAsync("248volatile long state;");
        await Assertions.Expect(page.Locator(".layout-rows")).ToContainTextAsync("4-byte hole");
        await Assertions.Expect(page.Locator(".layout-rows")).ToContainTextAsync("cache line 1, byte 64");
        await visit.NothingMovedAsync();
        await Looks.CheckAsync(visit, "type");

        await page.Locator(".layout-rows").GetByRole(AriaRole.Link, new() { Name = "struct thread_info" }).ClickAsync();
        await Assertions.Expect(page.Locator(".type-head h1")).ToHaveTextAsync("struct thread_info");
        visit.EndsWell();
    }

    [Fact]
    public async Task Enter_opens_the_type_of_exactly_this_name_and_an_unknown_one_is_explained()
    {
        await using var visit = await Visit.BeginAsync(chromium, service.Http.BaseAddress!);
        var page = visit.Page;
        await visit.GoAsync($"/#/types?kernel={Samples.NewKernel}");
        await page.GetByRole(AriaRole.Searchbox).FillAsync("task_struct");
        await page.Keyboard.PressAsync("Enter");
        await Assertions.Expect(page.Locator(".type-head h1")).ToHaveTextAsync("struct task_struct");
        await page.GetByRole(AriaRole.Searchbox).FillAsync("task_struct->state");
        await page.Keyboard.PressAsync("Enter");
        await Assertions.Expect(page.Locator(".field-panel h2")).ToContainTextAsync("task_struct.state");
        await page.GetByRole(AriaRole.Searchbox).FillAsync("task_struct.nothing_here");
        await page.Keyboard.PressAsync("Enter");
        await Assertions.Expect(page.GetByRole(AriaRole.Row, new() { NameRegex = new("^task_struct struct") })).ToBeVisibleAsync();
        await visit.GoAsync($"/#/types/nothing_here?kernel={Samples.NewKernel}");
        await Assertions.Expect(page.Locator(".problem").GetByRole(AriaRole.Link, new() { Name = "Search the types of a kernel" })).ToBeVisibleAsync();
        await Looks.CheckAsync(visit, "type-not-found");
        visit.EndsWell();
    }

    [Fact]
    public async Task Enter_waits_until_the_kernel_is_known()
    {
        await using var visit = await Visit.BeginAsync(chromium, service.Http.BaseAddress!);
        var page = visit.Page;
        await visit.GoAsync();
        var typed = new TaskCompletionSource();
        await page.RouteAsync("**/v1/kernels/coverage*", async route =>
        {
            await typed.Task;
            await route.ContinueAsync();
        });
        await page.GetByRole(AriaRole.Link, new() { Name = "Types", Exact = true }).ClickAsync();
        await page.GetByRole(AriaRole.Searchbox).FillAsync("task_struct.pid");
        await page.Keyboard.PressAsync("Enter");
        typed.SetResult();
        await Assertions.Expect(page.Locator(".field-panel h2")).ToContainTextAsync("task_struct.pid");
        visit.EndsWell();
    }

    [Fact]
    public async Task A_field_shows_how_to_read_it_and_which_kept_objects_do()
    {
        await RealInputs.KeepAsync(service, "reader", Samples.Object);
        await using var visit = await Visit.BeginAsync(chromium, service.Http.BaseAddress!);
        var page = visit.Page;
        await visit.GoAsync($"/#/types/task_struct?kernel={Samples.NewKernel}");
        await page.GetByRole(AriaRole.Link, new() { Name = "pid", Exact = true }).ClickAsync();
        await Assertions.Expect(page.Locator(".field-panel")).ToContainTextAsync("BPF_CORE_READ(p, pid)");
        await Assertions.Expect(page.Locator(".readers").GetByRole(AriaRole.Link).First).ToHaveTextAsync("reader");
        visit.EndsWell();
    }

    [Fact]
    public async Task History_shows_each_layout_with_its_size_and_what_changed()
    {
        using var own = new ServiceHost(root: null);
        await RealInputs.AddKernelAsync(own, "debian/11/x86_64", "5.10.0-??-amd64");
        var kernel = await RealInputs.AddKernelAsync(own, "debian/12/x86_64", "6.1.0-??-amd64");
        await using var visit = await Visit.BeginAsync(chromium, own.Http.BaseAddress!);
        var page = visit.Page;
        for (var left = 60; left > 0 && (await own.Http.GetStringAsync("/v1/types/task_struct/history")).Contains("\"items\": []", StringComparison.Ordinal); left--)
            await Task.Delay(1000); // the layouts of kernels that were just added are read in the background
        await visit.GoAsync($"/#/types/task_struct?kernel={kernel}&field=__state");
        await page.GetByRole(AriaRole.Link, new() { Name = "Since when is it there?" }).ClickAsync();
        await Assertions.Expect(page.Locator(".band li").First).ToBeVisibleAsync();
        await Assertions.Expect(page.Locator("section[aria-label=History] .note")).ToContainTextAsync("debian x86_64: since 6.1.0-");
        await Assertions.Expect(page.Locator("section[aria-label=History] .note pre")).ToContainTextAsync("struct task_struct___other {");
        await visit.NothingMovedAsync();
        await Looks.CheckAsync(visit, "type-history");
    }

    [Fact]
    public async Task Two_kernels_are_compared()
    {
        await using var visit = await Visit.BeginAsync(chromium, service.Http.BaseAddress!);
        var page = visit.Page;
        await visit.GoAsync($"/#/types/task_struct?kernel={Samples.OldKernel}");
        await page.GetByRole(AriaRole.Link, new() { Name = "Difference" }).ClickAsync();
        await page.GetByRole(AriaRole.Combobox, new() { Name = "Compare with kernel" }).FillAsync("syscall");
        await page.GetByRole(AriaRole.Option).First.ClickAsync();
        await visit.Button("⋮ 16 fields moved by +8").ClickAsync();
        await Assertions.Expect(page.Locator(".diff-row.moved").Filter(new() { HasText = "volatile long state" }))
            .ToHaveTextAsync("16volatile long state24volatile long state");
        await visit.Page.GetByText("inside thread_info").ClickAsync();
        await Assertions.Expect(page.Locator(".diff-row.added").Filter(new() { HasText = "syscall_work" })).ToBeVisibleAsync();
        await visit.NothingMovedAsync();
        await Looks.CheckAsync(visit, "type-difference");
    }

    [Fact]
    public async Task A_name_is_found_on_all_kernels_and_where_this_one_lacks_it_the_others_are_shown()
    {
        using var own = new ServiceHost(root: null);
        await RealInputs.AddAsync(own, "mine", "6.6.6", MadeUpBtf.WithoutPid());
        await using var visit = await Visit.BeginAsync(chromium, own.Http.BaseAddress!);
        var page = visit.Page;
        for (var left = 60; left > 0 && !(await own.Http.GetStringAsync("/v1/types?q=thread_info")).Contains("thread_info", StringComparison.Ordinal); left--)
            await Task.Delay(1000); // the layouts of kernels that were just added are read in the background
        await visit.GoAsync($"/#/types?kernel={Samples.NewKernel}&q=thread_info");
        await visit.Button("On all kernels").ClickAsync();
        await Assertions.Expect(page.GetByRole(AriaRole.Row, new() { NameRegex = new("^thread_info struct [23]$") })).ToBeVisibleAsync();
        await visit.NothingMovedAsync();
        await Looks.CheckAsync(visit, "types-all");
        await page.GetByRole(AriaRole.Link, new() { Name = "thread_info" }).ClickAsync();
        await Assertions.Expect(page.Locator(".band li").First).ToBeVisibleAsync();
        await visit.GoAsync("/#/types/syscall_work_bit?kernel=sample/1/x86_64/5.10.0-flags-status");
        await Assertions.Expect(page.Locator(".type-results")).ToContainTextAsync("1 other kernel has it");
        visit.EndsWell();
    }

    [Fact]
    public async Task What_is_declared_with_a_type_is_listed()
    {
        await using var visit = await Visit.BeginAsync(chromium, service.Http.BaseAddress!);
        await visit.GoAsync($"/#/types/thread_info?kernel={Samples.NewKernel}");
        await visit.Page.GetByRole(AriaRole.Link, new() { Name = "Used in" }).ClickAsync();
        await Assertions.Expect(visit.Page.Locator(".hits tbody tr")).ToHaveTextAsync(["struct task_structstruct thread_info thread_info"]);
        await visit.NothingMovedAsync();
        await Looks.CheckAsync(visit, "type-uses");
    }
}
