using System.IO.Compression;
using System.Net.Http.Headers;
using Relo.Api.Tests.Fixtures;
using Relo.Browser.Fixtures;

namespace Relo.Browser;

/// <summary>One object and one kernel, from the choice of the object to the downloads.</summary>
public sealed class RelocateTests(Chromium chromium, Service service) : IClassFixture<Service>
{
    [Fact]
    public async Task Sample_kernel_report_and_downloads_that_are_the_bytes_of_the_API()
    {
        await using var visit = await Visit.BeginAsync(chromium, service.Http.BaseAddress!);
        var page = visit.Page;
        await visit.GoAsync();
        await Looks.CheckAsync(visit, "start");

        await visit.Button("Use the sample").ClickAsync();
        await Expect(page.Locator("#contents")).ToContainTextAsync("handle_sched_switch");
        await Expect(page.Locator("#contents")).ToContainTextAsync("Global variables: Linux 5.2 or later");
        await Looks.CheckAsync(visit, "object");

        await page.GetByRole(AriaRole.Combobox).FillAsync("syscall");
        await Expect(page.GetByRole(AriaRole.Option)).ToHaveTextAsync([Samples.NewKernel]);
        await page.Keyboard.PressAsync("ArrowDown");
        await page.Keyboard.PressAsync("Enter");
        await Expect(page.Locator("#kernel-says")).ToContainTextAsync($"✓ {Samples.NewKernel}");
        await page.GetByText("Steps of the search").ClickAsync();
        await Expect(page.Locator("#kernel-says")).ToContainTextAsync("found " + Samples.NewKernel);
        await Looks.CheckAsync(visit, "kernel");

        await visit.Button("Relocate").ClickAsync();
        await Expect(page.Locator(".badge")).ToHaveTextAsync("guarded");
        await Expect(page.Locator("#report")).ToContainTextAsync("24 → 88 (+64)");
        await Expect(page.Locator("#report")).ToContainTextAsync("r1 = *(u64 *)(r1 + 24)");
        await Expect(page.Locator("#report")).ToContainTextAsync("return ((struct task_struct *)front)->state;");
        await Looks.CheckAsync(visit, "report");

        var (name, patched) = await visit.DownloadAsync(visit.Button("Patched object"));
        Assert.Equal("runqslower-mini.bpf.o", name);
        Assert.Equal(await RelocateAsync("application/octet-stream"), patched);

        var (reportName, report) = await visit.DownloadAsync(visit.Button("Report as JSON"));
        Assert.Equal("runqslower-mini.bpf.o.report.json", reportName);
        Assert.Equal(await RelocateAsync("application/json"), report);

        var (zipName, zip) = await visit.DownloadAsync(visit.Button("Both as zip"));
        Assert.Equal("runqslower-mini.bpf.zip", zipName);
        Assert.Equal(["runqslower-mini.bpf.o", "report.json"], new ZipArchive(new MemoryStream(zip)).Entries.Select(e => e.FullName));
    }

    [Fact]
    public async Task A_link_shows_somebody_else_the_same_report()
    {
        await using var visit = await Visit.BeginAsync(chromium, service.Http.BaseAddress!);
        await visit.GoAsync();
        await visit.Page.SetInputFilesAsync(
            "#file", new FilePayload { Name = "mine.bpf.o", MimeType = "application/octet-stream", Buffer = Samples.Object });
        await Expect(visit.Page.Locator("#contents")).ToContainTextAsync("handle_sched_switch");
        await visit.Page.GetByRole(AriaRole.Combobox).FillAsync("5.10.0-flags-status");
        await visit.Button("Relocate").ClickAsync();
        await Expect(visit.Page.Locator(".badge")).ToHaveTextAsync("guarded");
        await visit.Page.GetByLabel("Filter").Last.FillAsync("syscall_work");
        await Expect(visit.Page.GetByText("of 11")).ToBeVisibleAsync();
        await visit.Page.WaitForURLAsync("**filter=syscall_work**");

        await using var other = await Visit.BeginAsync(chromium, service.Http.BaseAddress!);
        await other.Page.GotoAsync(visit.Page.Url);
        await Expect(other.Page.Locator(".badge")).ToHaveTextAsync("guarded");
        await Expect(other.Page.Locator("#report")).ToContainTextAsync(Samples.OldKernel);
        Assert.Equal(await Rows(visit).CountAsync(), await Rows(other).CountAsync());
        other.EndsWell();
    }

    [Fact]
    public async Task What_the_kernel_lacks_stands_beside_the_verdict()
    {
        using var btf = new ByteArrayContent(MadeUpBtf.WithoutHashMaps())
        {
            Headers = { ContentType = new MediaTypeHeaderValue("application/octet-stream") },
        };
        using var added = await service.Http.PostAsync("/v1/kernels?distro=poor&version=1&arch=x86_64&release=6.6.6", btf);
        await using var visit = await Visit.BeginAsync(chromium, service.Http.BaseAddress!);
        await visit.GoAsync("/#/relocate?object=sample&kernel=poor/1/x86_64/6.6.6");
        await Expect(visit.Page.Locator(".badge")).ToHaveTextAsync("guarded");
        await Expect(visit.Page.Locator(".verdict .lacking")).ToContainTextAsync("It will not load");
        await Expect(visit.Page.Locator(".verdict .lacking li")).ToHaveTextAsync("map type hash: enum bpf_map_type has no BPF_MAP_TYPE_HASH");
        await Expect(visit.Page.GetByText("1 absent,")).ToBeVisibleAsync();
        await Looks.CheckAsync(visit, "lacking");
    }

    [Fact]
    public async Task Pasted_texts_of_a_node_name_its_kernel()
    {
        await using var visit = await Visit.BeginAsync(chromium, service.Http.BaseAddress!);
        var page = visit.Page;
        await visit.GoAsync();
        await page.GetByRole(AriaRole.Combobox).FillAsync("Linux node 5.11.0-syscall-work #1 SMP x86_64 GNU/Linux");
        await Expect(page.Locator("#kernel-says")).ToContainTextAsync($"✓ {Samples.NewKernel}");

        await page.GetByRole(AriaRole.Combobox).FillAsync("NAME=\"Sample Linux\" ID=sample VERSION_ID=\"1\" 5.10.0-flags-status");
        await Expect(page.GetByLabel("Distribution").First).ToHaveValueAsync("sample");
        await Expect(page.GetByRole(AriaRole.Combobox)).ToHaveValueAsync("5.10.0-flags-status");
    }

    [Fact]
    public async Task A_kernel_that_is_not_here_is_explained_and_the_nearest_is_one_click_away()
    {
        await using var visit = await Visit.BeginAsync(chromium, service.Http.BaseAddress!);
        var page = visit.Page;
        await visit.GoAsync($"/#/relocate?object=sample&kernel=5.11.3-syscall-work");
        await Expect(page.Locator("#relocate-status")).ToContainTextAsync("no kernel in the archive matches '5.11.3-syscall-work'");
        await Expect(page.Locator("#relocate-status")).ToContainTextAsync("The member nearest lists similar kernels");
        await Looks.CheckAsync(visit, "kernel-not-found");
        await page.Locator("#relocate-status").GetByRole(AriaRole.Button, new() { Name = Samples.NewKernel }).ClickAsync();
        await Expect(page.Locator(".badge")).ToHaveTextAsync("guarded");
    }

    [Fact]
    public async Task Tables_can_be_sorted_by_keyboard()
    {
        await using var visit = await Visit.BeginAsync(chromium, service.Http.BaseAddress!);
        await visit.GoAsync($"/#/relocate?object=sample&kernel={Samples.NewKernel}");
        var moved = visit.Page.GetByRole(AriaRole.Region, new() { Name = "What moved", Exact = true });
        await moved.GetByRole(AriaRole.Button, new() { Name = "Offset" }).FocusAsync();
        await visit.Page.Keyboard.PressAsync("Enter");
        await visit.Page.Keyboard.PressAsync("Enter");
        await Expect(moved.Locator("th").Nth(3)).ToHaveAttributeAsync("aria-sort", "descending");
        await Expect(moved.Locator("tbody tr").First).ToContainTextAsync("24 → 88");
    }

    private static ILocator Rows(Visit visit) => visit.Page.GetByRole(AriaRole.Region, new() { Name = "Relocations" }).Locator("tbody tr");

    private static ILocatorAssertions Expect(ILocator locator) => Assertions.Expect(locator);

    private async Task<byte[]> RelocateAsync(string accept)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post,
            $"/v1/relocations?kernel={Samples.NewKernel}&name=runqslower-mini.bpf.o")
        { Content = new ByteArrayContent(Samples.Object) };
        request.Content.Headers.ContentType = new("application/octet-stream");
        request.Headers.Accept.Add(MediaTypeWithQualityHeaderValue.Parse(accept));
        using var answer = await service.Http.SendAsync(request);
        return await answer.EnsureSuccessStatusCode().Content.ReadAsByteArrayAsync();
    }
}
