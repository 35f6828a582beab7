using System.Diagnostics;
using Relo.Browser.Fixtures;

namespace Relo.Browser;

/// <summary>The page of an archive with 20,000 kernels.</summary>
public sealed class ManyKernelsTests(Chromium chromium, ManyKernels kernels) : IClassFixture<ManyKernels>
{
    [Fact]
    public async Task Twenty_thousand_kernels_come_page_by_page()
    {
        await using var visit = await Visit.BeginAsync(chromium, kernels.Address);
        var page = visit.Page;
        await visit.GoAsync("/#/archive");
        await Assertions.Expect(page.Locator(".archive-list h2")).ToHaveTextAsync("20,002 kernels");
        await Assertions.Expect(page.Locator(".disk")).ToContainTextAsync("20,002 kernels, 2.4 KiB"); // that share two BTF
        await visit.NothingMovedAsync();
        await Looks.CheckAsync(visit, "archive-20000");
        await visit.Button("Show 100 more of 19,902 kernels").ClickAsync();
        await Assertions.Expect(page.Locator(".archive-list tbody tr")).ToHaveCountAsync(200);

        await page.GetByRole(AriaRole.Button, new() { Name = "fedora 2,000" }).ClickAsync();
        await Assertions.Expect(page.Locator(".archive-list h2")).ToHaveTextAsync("2,000 kernels");
        var clock = Stopwatch.StartNew();
        await page.GetByRole(AriaRole.Searchbox).FillAsync("5.7.1867");
        await Assertions.Expect(page.Locator(".archive-list h2")).ToHaveTextAsync("1 kernel");
        TestContext.Current.TestOutputHelper!.WriteLine($"filtered after {clock.ElapsedMilliseconds} ms");

        await page.GetByRole(AriaRole.Link, new() { Name = "One kernel" }).ClickAsync();
        clock.Restart();
        await page.GetByRole(AriaRole.Combobox).FillAsync("ubuntu/20.04/arm64/5.4.0-12");
        await Assertions.Expect(page.GetByRole(AriaRole.Option).First).ToBeVisibleAsync();
        TestContext.Current.TestOutputHelper!.WriteLine($"suggestions after {clock.ElapsedMilliseconds} ms");
        Assert.True(await page.GetByRole(AriaRole.Option).CountAsync() <= 12);
        visit.EndsWell();
    }

    [Theory]
    [InlineData("/", "#start-archive:has-text('20,002')")]
    [InlineData("/#/archive", ".archive-objects .empty")]
    [InlineData("/#/types/task_struct?kernel=5.11.0-syscall-work", ".layout-rows")]
    public async Task Twenty_thousand_kernels_on_a_slow_line(string address, string whole)
    {
        await using var visit = await Visit.BeginAsync(chromium, kernels.Address);
        await visit.SlowDownAsync(bytesPerSecond: 125_000); // 1 Mbit/s
        await visit.Page.GotoAsync(new Uri(visit.Service, address).ToString(), new() { WaitUntil = WaitUntilState.Commit });
        await visit.Page.Locator(whole).First.WaitForAsync();
        await visit.Page.WaitForLoadStateAsync(LoadState.NetworkIdle);
        TestContext.Current.TestOutputHelper!.WriteLine($"{address} with 20,002 kernels, 1 Mbit/s: {await visit.TimesAsync()}");
        await visit.NothingMovedAsync();
        visit.EndsWell();
    }
}
