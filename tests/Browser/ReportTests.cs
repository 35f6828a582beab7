using System.IO.Compression;
using System.Net.Http.Headers;
using Relo.Api.Tests.Fixtures;
using Relo.Browser.Fixtures;

namespace Relo.Browser;

/// <summary>One object on one kernel: the answer first, then why, then what changed.</summary>
public sealed class ReportTests(Chromium chromium, Service service) : IClassFixture<Service>
{
    private const string Sample = $"/#/relocate?object=sample&kernel={Samples.NewKernel}";

    [Fact]
    public async Task The_verdict_is_at_the_top_and_below_it_what_moved_and_the_code()
    {
        await using var visit = await Visit.BeginAsync(chromium, service.Http.BaseAddress!);
        var page = visit.Page;
        await visit.GoAsync(Sample);
        await Expect(page.Locator(".bar-verdict")).ToContainTextAsync(
            "Guarded It loads: task_struct.__state does not exist here, and the code checks before using it; 3 fields moved.");
        Assert.True((await page.Locator(".bar-verdict").BoundingBoxAsync())!.Y < 200);
        var block = page.Locator(".block").First;
        await Expect(block.Locator("h3")).ToContainTextAsync("struct task_struct");
        await Expect(block.Locator(".kernel-rows li.moved").Nth(1)).ToContainTextAsync("24volatile long state8 bytes");
        await Expect(block.Locator(".gutter li").Nth(1)).ToHaveTextAsync("state16");
        var code = page.GetByRole(AriaRole.Region, new() { Name = "Code" });
        await Expect(code).ToContainTextAsync("return ((struct task_struct *)front)->state;");
        await Expect(code.Locator(".was del").Filter(new() { HasText = "16" })).ToBeVisibleAsync();
        await Expect(code.Locator(".is ins").Filter(new() { HasText = "24" })).ToBeVisibleAsync();
        await visit.NothingMovedAsync();
        await Looks.CheckAsync(visit, "report");
    }

    [Fact]
    public async Task A_fold_opens_to_the_fields_that_the_object_does_not_read()
    {
        await using var visit = await Visit.BeginAsync(chromium, service.Http.BaseAddress!);
        await visit.GoAsync(Sample);
        var block = visit.Page.Locator(".block").First;
        await block.GetByRole(AriaRole.Button, new() { Name = "10 fields the object does not read, 2 holes" }).ClickAsync();
        await Expect(block.Locator(".unread").First).ToContainTextAsync("32void *stack8");
        await Expect(block.Locator("svg path")).ToHaveCountAsync(4); // one of them to a field that is not there
        visit.EndsWell();
    }

    [Fact]
    public async Task The_whole_program_is_shown_on_demand_and_a_filter_finds_a_line()
    {
        await using var visit = await Visit.BeginAsync(chromium, service.Http.BaseAddress!);
        var page = visit.Page;
        await visit.GoAsync(Sample);
        await visit.Button("Whole program").ClickAsync();
        await Expect(page.Locator(".program").Nth(1)).ToContainTextAsync("call 113");
        await Expect(page.Locator(".program").Nth(1).Locator(".ins")).ToHaveCountAsync(132); // 124 instructions, 7 of them changed, 8 64-bit loads in two slots
        await Looks.CheckAsync(visit, "whole-program");

        await visit.Button("What changed").ClickAsync();
        await page.GetByRole(AriaRole.Searchbox).FillAsync("syscall_work");
        await Expect(page.GetByText(new System.Text.RegularExpressions.Regex("^[1-9] of 11 relocations$"))).ToBeVisibleAsync();
        await page.WaitForURLAsync("**filter=syscall_work**");
        await using var other = await Visit.BeginAsync(chromium, service.Http.BaseAddress!);
        await other.Page.GotoAsync(page.Url);
        await Expect(other.Page.GetByText(new System.Text.RegularExpressions.Regex("^[1-9] of 11 relocations$"))).ToBeVisibleAsync();
        visit.EndsWell();
        other.EndsWell();
    }

    [Fact]
    public async Task What_is_downloaded_is_what_the_API_sends()
    {
        await using var visit = await Visit.BeginAsync(chromium, service.Http.BaseAddress!);
        await visit.GoAsync(Sample);
        await Expect(visit.Page.Locator("summary.primary")).ToHaveTextAsync("Download ▾");
        await visit.Page.Locator("summary.primary").ClickAsync();
        await Looks.CheckAsync(visit, "downloads");
        var (name, patched) = await visit.DownloadAsync(visit.Button("Patched object"));
        Assert.Equal("runqslower-mini.bpf.o", name);
        Assert.Equal(await RelocateAsync("application/octet-stream"), patched);
        var (reportName, report) = await visit.DownloadAsync(visit.Button("Report as JSON"));
        Assert.Equal("runqslower-mini.bpf.o.report.json", reportName);
        Assert.Contains("\"verdict\":\"guarded\"", System.Text.Encoding.UTF8.GetString(report), StringComparison.Ordinal);
        var (zipName, zip) = await visit.DownloadAsync(visit.Button("Both as zip"));
        Assert.Equal("runqslower-mini.bpf.zip", zipName);
        Assert.Equal(["runqslower-mini.bpf.o", "report.json"], new ZipArchive(new MemoryStream(zip)).Entries.Select(e => e.FullName));
        visit.EndsWell();
    }

    [Fact]
    public async Task The_same_with_curl_is_in_a_drawer()
    {
        await using var visit = await Visit.BeginAsync(chromium, service.Http.BaseAddress!);
        await visit.GoAsync(Sample);
        await visit.Button("curl").ClickAsync();
        await Expect(visit.Page.Locator(".drawer pre")).ToContainTextAsync("--data-binary @runqslower-mini.bpf.o");
        await Looks.CheckAsync(visit, "curl");
        visit.EndsWell();
    }

    [Fact]
    public async Task A_broken_access_is_shown_at_its_line_with_the_guard_to_write()
    {
        await using var visit = await Visit.BeginAsync(chromium, service.Http.BaseAddress!);
        var page = visit.Page;
        await visit.GoAsync($"/#/relocate?object=sample-broken&kernel={Samples.NewKernel}");
        await Expect(page.Locator(".bar-verdict")).ToContainTextAsync("Broken task_struct.__state does not exist on this kernel, and line 30");
        await Expect(page.Locator(".cause .c-line")).ToContainTextAsync("if (((struct task_struct *)front)->__state != 0)");
        await Expect(page.Locator(".cause")).ToContainTextAsync("It may be called state here");
        await Expect(page.Locator(".cause pre")).ToContainTextAsync("if (bpf_core_field_exists(((struct task_struct *)0)->__state))");
        await Expect(page.Locator(".cause pre")).ToContainTextAsync("volatile long state;");
        await Expect(page.Locator("summary.primary")).ToHaveCountAsync(0); // what does not load is not what to take first
        await visit.NothingMovedAsync();
        await Looks.CheckAsync(visit, "broken");
    }

    [Fact]
    public async Task What_the_kernel_lacks_is_the_verdict()
    {
        await RealInputs.AddAsync(service, "poor", "6.6.6", MadeUpBtf.WithoutHashMaps());
        await using var visit = await Visit.BeginAsync(chromium, service.Http.BaseAddress!);
        await visit.GoAsync("/#/relocate?object=sample&kernel=poor/1/x86_64/6.6.6");
        await Expect(visit.Page.Locator(".bar-verdict")).ToContainTextAsync("Will not load The kernel does not have map type hash.");
        await Expect(visit.Page.Locator(".needs li").First).ToContainTextAsync("absentmap typehash enum bpf_map_type has no BPF_MAP_TYPE_HASH");
        await visit.NothingMovedAsync();
        await Looks.CheckAsync(visit, "lacking");
    }

    [Fact]
    public async Task A_kernel_that_is_not_here_is_explained_and_the_nearest_is_one_click_away()
    {
        await using var visit = await Visit.BeginAsync(chromium, service.Http.BaseAddress!);
        var page = visit.Page;
        await visit.GoAsync("/#/relocate?object=sample&kernel=5.11.3-syscall-work");
        await Expect(page.Locator(".problem")).ToContainTextAsync("No kernel in the archive matches '5.11.3-syscall-work'");
        await Expect(page.Locator(".problem").GetByRole(AriaRole.Link, new() { Name = "Add this kernel" })).ToBeVisibleAsync();
        await Looks.CheckAsync(visit, "kernel-not-found");
        await page.Locator(".problem").GetByRole(AriaRole.Button, new() { Name = Samples.NewKernel }).ClickAsync();
        await Expect(page.Locator(".bar-verdict")).ToContainTextAsync("Guarded");
        await page.GoBackAsync();
        await page.Locator(".problem").GetByRole(AriaRole.Link, new() { Name = "Add this kernel" }).ClickAsync();
        await Expect(page.Locator(".add")).ToBeVisibleAsync();
        visit.EndsWell();
    }

    [Fact]
    public async Task Another_kernel_is_chosen_in_the_bar()
    {
        await using var visit = await Visit.BeginAsync(chromium, service.Http.BaseAddress!);
        var page = visit.Page;
        await visit.GoAsync(Sample);
        await page.Locator(".chip > summary").Nth(1).ClickAsync();
        await page.Keyboard.TypeAsync("flags");
        await page.GetByRole(AriaRole.Option).First.ClickAsync();
        await Expect(page.Locator(".chip").Nth(1)).ToContainTextAsync(Samples.OldKernel);
        await Expect(page.Locator(".bar-verdict")).ToContainTextAsync("Guarded");
        await page.Locator(".chip > summary").First.ClickAsync();
        await page.GetByText("Programs and maps").ClickAsync();
        await Expect(page.Locator(".chip").First).ToContainTextAsync("handle_sched_switch");
        await Looks.CheckAsync(visit, "object");
        visit.EndsWell();
    }

    private static ILocatorAssertions Expect(ILocator locator) => Assertions.Expect(locator);

    private async Task<byte[]> RelocateAsync(string accept)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, $"/v1/relocations?kernel={Samples.NewKernel}")
        {
            Content = new ByteArrayContent(Samples.Object),
        };
        request.Content.Headers.ContentType = new("application/octet-stream");
        request.Headers.Accept.Add(MediaTypeWithQualityHeaderValue.Parse(accept));
        using var answer = await service.Http.SendAsync(request);
        return await answer.EnsureSuccessStatusCode().Content.ReadAsByteArrayAsync();
    }
}
