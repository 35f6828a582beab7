using Relo.Api.Tests.Fixtures;
using Relo.Browser.Fixtures;

namespace Relo.Browser;

/// <summary>
/// Ten questions of somebody who sees the page for the first time, each answered from its start within three interactions. A choice of a
/// file, a text that is typed with Enter after it, and a click are one interaction each.
/// </summary>
public sealed class QuestionsTests(Chromium chromium, QuestionsService service) : IClassFixture<QuestionsService>
{
    [Fact]
    public Task Does_it_load_on_this_kernel() => AskAsync(async (page, count) =>
    {
        await count(ChooseAsync(page));
        await count(page.GetByRole(AriaRole.Combobox).FillAsync(service.NewKernel));
        await count(page.GetByRole(AriaRole.Button, new() { Name = "Relocate" }).ClickAsync());
        await Assertions.Expect(page.Locator(".bar-verdict")).ToContainTextAsync("Guarded It loads");
    });

    [Fact]
    public Task What_moved() => AskAsync(async (page, count) =>
    {
        await count(ChooseAsync(page));
        await count(page.GetByRole(AriaRole.Combobox).FillAsync(service.NewKernel));
        await count(page.GetByRole(AriaRole.Combobox).PressAsync("Enter"));
        await Assertions.Expect(page.Locator(".block").First.Locator(".kernel-rows li.moved").Filter(new() { HasText = "pid_t pid" }))
            .ToContainTextAsync("2416");
    });

    [Fact]
    public Task Which_line_breaks() => AskAsync(async (page, count) =>
    {
        await count(ChooseAsync(page, "broken.bpf.o", QuestionsService.Broken));
        await count(page.GetByRole(AriaRole.Combobox).FillAsync(service.OldKernel));
        await count(page.GetByRole(AriaRole.Combobox).PressAsync("Enter"));
        await Assertions.Expect(page.Locator(".cause .c-line").First).ToContainTextAsync("unguarded-mini.bpf.c:30if (");
    });

    [Fact]
    public Task Which_guard_do_I_write() => AskAsync(async (page, count) =>
    {
        await count(page.GetByRole(AriaRole.Link, new() { Name = "A broken access" }).ClickAsync());
        await Assertions.Expect(page.Locator(".cause pre")).ToContainTextAsync("bpf_core_field_exists(((struct task_struct *)0)->__state)");
        await count(page.Locator(".cause").GetByRole(AriaRole.Button, new() { Name = "Copy" }).ClickAsync());
    });

    [Fact]
    public Task On_which_of_our_kernels_does_it_break() => AskAsync(async (page, count) =>
    {
        await count(ChooseAsync(page, "broken.bpf.o", QuestionsService.Broken));
        await count(page.GetByRole(AriaRole.Button, new() { Name = "Check all kernels" }).ClickAsync());
        var worst = page.Locator(".group").First;
        await Assertions.Expect(worst).ToContainTextAsync("task_struct.__state does not exist, and line 30 uses it");
        await count(worst.Locator("summary").ClickAsync());
        await Assertions.Expect(worst.Locator(".kernel-links")).ToContainTextAsync("sample/1/x86_64");
    });

    [Fact]
    public Task What_differs_between_two_results() => AskAsync(async (page, count) =>
    {
        await count(page.GetByRole(AriaRole.Link, new() { Name = "One object, all kernels" }).ClickAsync());
        await count(page.GetByLabel("First result").SelectOptionAsync(new SelectOptionValue { Index = 1 }));
        await count(page.GetByLabel("Second result").SelectOptionAsync(new SelectOptionValue { Index = 2 }));
        await Assertions.Expect(page.Locator(".compare tbody tr").Filter(new() { HasText = "task_struct.pid" })).ToContainTextAsync("at ");
    });

    [Fact]
    public Task Since_when_is_a_field_there() => AskAsync(async (page, count) =>
    {
        await count(page.GetByRole(AriaRole.Link, new() { Name = "Types", Exact = true }).ClickAsync());
        await count(FindAsync(page, "__state", "__state"));
        await count(page.GetByRole(AriaRole.Link, new() { Name = "Since when is it there?" }).ClickAsync());
        await Assertions.Expect(page.Locator("section[aria-label=History] .note")).ToContainTextAsync("debian x86_64: since 6.");
    });

    [Fact]
    public Task What_does_a_struct_look_like_on_a_kernel() => AskAsync(async (page, count) =>
    {
        await count(page.GetByRole(AriaRole.Link, new() { Name = "Types", Exact = true }).ClickAsync());
        await count(page.GetByRole(AriaRole.Searchbox).FillAsync("sk_buff"));
        await count(page.GetByRole(AriaRole.Searchbox).PressAsync("Enter"));
        await Assertions.Expect(page.Locator(".type-head h1")).ToHaveTextAsync("struct sk_buff");
        await Assertions.Expect(page.Locator(".layout-rows")).ToContainTextAsync("struct net_device *dev;");
        // The hole comes after the last bit of its byte, not after the first.
        await Assertions.Expect(page.Locator(".layout-rows")).ToContainTextAsync("scm_io_uring : 1;13311-byte hole");
    });

    [Fact]
    public Task Which_of_my_objects_read_a_field() => AskAsync(async (page, count) =>
    {
        await count(page.GetByRole(AriaRole.Link, new() { Name = "Types", Exact = true }).ClickAsync());
        await page.GetByRole(AriaRole.Searchbox).FocusAsync();
        await count(TypeAsync(page, "sk_buff.head"));
        await Assertions.Expect(page.Locator(".readers a").First).ToHaveTextAsync("skb-head");
        await Assertions.Expect(page.Locator(".readers")).ToContainTextAsync("skb-head.bpf.c:11");
        await Assertions.Expect(page.Locator(".readers")).Not.ToContainTextAsync("runqslower");
    });

    [Fact]
    public Task How_do_I_add_my_own_kernel() => AskAsync(async (page, count) =>
    {
        await count(page.GetByRole(AriaRole.Link, new() { Name = "add your own" }).ClickAsync());
        await count(page.Locator("#add-file").SetInputFilesAsync(
            new FilePayload { Name = "vmlinux", MimeType = "application/octet-stream", Buffer = MadeUpBtf.Of("mine") }));
        // This file does not say which kernel it is of; the field for it has the focus.
        await Assertions.Expect(page.GetByLabel("Release, or uname -a")).ToBeFocusedAsync();
        await count(TypeAsync(page, "Linux node 5.11.6-mine #1 SMP x86_64 GNU/Linux"));
        await Assertions.Expect(page.Locator(".add-status")).ToContainTextAsync("is in the archive");
    });

    private static async Task TypeAsync(IPage page, string text)
    {
        await page.Keyboard.TypeAsync(text);
        await page.Keyboard.PressAsync("Enter");
    }

    // What is typed finds the field; the click on it is the same interaction.
    private static async Task FindAsync(IPage page, string text, string field)
    {
        await page.GetByRole(AriaRole.Searchbox).FillAsync(text);
        await page.GetByRole(AriaRole.Row, new() { NameRegex = new($"^{field} field of struct task_struct") })
            .GetByRole(AriaRole.Link).First.ClickAsync();
    }

    private static Task ChooseAsync(IPage page, string name = "mine.bpf.o", byte[]? bytes = null) => page.SetInputFilesAsync(
        "#file", new FilePayload { Name = name, MimeType = "application/octet-stream", Buffer = bytes ?? QuestionsService.Runqslower });

    private async Task AskAsync(Func<IPage, Func<Task, Task>, Task> question)
    {
        await service.FillAsync();
        await using var visit = await Visit.BeginAsync(chromium, service.Http.BaseAddress!, width: 1440);
        await visit.GoAsync();
        var interactions = 0;
        await question(visit.Page, async action =>
        {
            interactions++;
            await action;
        });
        Assert.InRange(interactions, 1, 3);
        await visit.NothingMovedAsync();
        visit.EndsWell();
    }
}

/// <summary>A service with real kernels and kept objects.</summary>
public sealed class QuestionsService() : ServiceHost(root: null)
{
    private Task? _filled;

    public string OldKernel { get; private set; } = "";

    public string NewKernel { get; private set; } = "";

    internal static byte[] Broken { get; } = File.ReadAllBytes(
        Path.Combine(AppContext.BaseDirectory, "wwwroot", "samples", "unguarded-mini.bpf.o"));

    internal static byte[] Runqslower => RealInputs.Tool("runqslower");

    /// <summary>Fills the archive; skips the test where the corpus is missing.</summary>
    public Task FillAsync() => _filled ??= AddAllAsync();

    private async Task AddAllAsync()
    {
        OldKernel = await RealInputs.AddKernelAsync(this, "debian/11/x86_64", "5.10.0-??-amd64");
        NewKernel = await RealInputs.AddKernelAsync(this, "debian/12/x86_64", "6.1.0-??-amd64");
        await RealInputs.KeepAsync(this, "runqslower", Runqslower);
        await RealInputs.KeepAsync(this, "skb-head", await ObjectOfC.CompileAsync("skb-head.bpf.c"));
    }
}
