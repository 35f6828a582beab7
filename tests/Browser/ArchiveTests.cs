using System.Diagnostics;
using Relo.Api.Tests.Fixtures;
using Relo.Browser.Fixtures;

namespace Relo.Browser;

/// <summary>The kernels, the stored data, and adding a kernel.</summary>
public sealed class ArchiveTests(Chromium chromium)
{
    [Fact]
    public async Task Kernels_are_filtered_and_lead_to_a_report()
    {
        using var service = new ServiceHost(root: null);
        await using var visit = await Visit.BeginAsync(chromium, service.Http.BaseAddress!);
        var page = visit.Page;
        await visit.GoAsync($"/#/relocate?object=sample&kernel={Samples.OldKernel}"); // so that something is kept
        await Assertions.Expect(page.Locator(".badge")).ToBeVisibleAsync();
        await page.GetByRole(AriaRole.Link, new() { Name = "Archive" }).ClickAsync();
        await Assertions.Expect(page.Locator("#a-status")).ToHaveTextAsync("2 kernels");
        await Assertions.Expect(page.Locator("#usage")).ToContainTextAsync("On disk: 2 kernels2.4 KiB"); // 1,063 and 1,423 bytes
        await Assertions.Expect(page.Locator("#objects")).ToContainTextAsync(Samples.ObjectDigest.Hex[..12]);
        await Looks.CheckAsync(visit, "archive");

        await page.GetByLabel("Words of the id").FillAsync("syscall");
        await Assertions.Expect(page.Locator("#a-status")).ToHaveTextAsync("1 kernel");
        await page.WaitForURLAsync("**q=syscall");
        await page.GetByRole(AriaRole.Link, new() { Name = Samples.NewKernel }).ClickAsync();
        await Assertions.Expect(page.Locator("#report")).ToContainTextAsync(Samples.NewKernel);
        visit.EndsWell();
    }

    [Fact]
    public async Task A_kernel_is_uploaded_and_one_with_other_BTF_only_replaces_it_when_told_to()
    {
        using var service = new ServiceHost(root: null);
        await using var visit = await Visit.BeginAsync(chromium, service.Http.BaseAddress!);
        var page = visit.Page;
        await visit.GoAsync("/#/archive");
        await UploadAsync(Samples.OldBtf);
        await Assertions.Expect(page.Locator("#add-status")).ToContainTextAsync("✓ mine/1/x86_64/5.10.99-mine is in the archive.");
        await Assertions.Expect(page.Locator("#a-list")).ToContainTextAsync("mine/1/x86_64/5.10.99-mine");

        await UploadAsync(Samples.OldBtf);
        await Assertions.Expect(page.Locator("#add-status")).ToContainTextAsync("was there already");

        await UploadAsync(Samples.NewBtf);
        await Assertions.Expect(page.Locator("#add-status")).ToContainTextAsync("The kernel has different BTF");
        await Looks.CheckAsync(visit, "conflict");
        await visit.Button("Replace it").ClickAsync();
        await Assertions.Expect(page.Locator("#add-status")).ToContainTextAsync("is in the archive");

        await UploadAsync("no kernel"u8.ToArray());
        await Assertions.Expect(page.Locator("#add-status")).ToContainTextAsync("Not a kernel file");
        visit.EndsWell();

        async Task UploadAsync(byte[] file)
        {
            var form = page.Locator("#add-form");
            await form.GetByLabel("File")
                .SetInputFilesAsync(new FilePayload { Name = "vmlinux", MimeType = "application/octet-stream", Buffer = file });
            await form.GetByLabel("Distribution").FillAsync("mine");
            await form.GetByLabel("Version").FillAsync("1");
            await form.GetByLabel("Architecture").FillAsync("x86_64");
            await form.GetByLabel("Release").FillAsync("5.10.99-mine");
            await visit.Button("Upload").ClickAsync();
        }
    }

    [Fact]
    public async Task Twenty_thousand_kernels_come_page_by_page()
    {
        using var many = new ManyKernels();
        await using var visit = await Visit.BeginAsync(chromium, many.Address);
        var page = visit.Page;
        await visit.GoAsync("/#/archive");
        await Assertions.Expect(page.Locator("#a-status")).ToHaveTextAsync("The first 100 kernels");
        await Assertions.Expect(page.Locator("#usage")).ToContainTextAsync("20,002 kernels2.4 KiB"); // that share two BTF
        await Looks.CheckAsync(visit, "archive-20000");
        await visit.Button("Show more").ClickAsync();
        await Assertions.Expect(page.Locator("#a-status")).ToHaveTextAsync("The first 200 kernels");
        Assert.Equal(200, await page.Locator("#a-list tbody tr").CountAsync());

        var clock = Stopwatch.StartNew();
        await page.GetByLabel("Words of the id").FillAsync("fedora 5.7.1867");
        await Assertions.Expect(page.Locator("#a-status")).ToHaveTextAsync("1 kernel");
        TestContext.Current.TestOutputHelper!.WriteLine($"filtered after {clock.ElapsedMilliseconds} ms");

        await page.GetByRole(AriaRole.Link, new() { Name = "Relocate", Exact = true }).ClickAsync();
        await page.GetByRole(AriaRole.Combobox).FillAsync("ubuntu arm64 5.4");
        clock.Restart();
        await page.GetByRole(AriaRole.Combobox).FillAsync("ubuntu/20.04/arm64/5.4.0-12");
        await Assertions.Expect(page.GetByRole(AriaRole.Option).First).ToBeVisibleAsync();
        TestContext.Current.TestOutputHelper!.WriteLine($"suggestions after {clock.ElapsedMilliseconds} ms");
        Assert.True(await page.GetByRole(AriaRole.Option).CountAsync() <= 12);
        visit.EndsWell();
    }
}
