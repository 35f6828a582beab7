using Relo.Api.Tests.Fixtures;
using Relo.Browser.Fixtures;

namespace Relo.Browser;

/// <summary>The kernels, adding one, and the kept objects.</summary>
public sealed class ArchiveTests(Chromium chromium)
{
    [Fact]
    public async Task Kernels_are_found_by_choices_with_counts_and_lead_to_a_report()
    {
        using var service = new ServiceHost(root: null);
        await using var visit = await Visit.BeginAsync(chromium, service.Http.BaseAddress!);
        var page = visit.Page;
        await visit.GoAsync($"/#/relocate?object=sample&kernel={Samples.OldKernel}"); // so that there is an object, and it is kept
        await Assertions.Expect(page.Locator(".bar-verdict")).ToContainTextAsync("Guarded");
        await page.GetByRole(AriaRole.Link, new() { Name = "Archive", Exact = true }).ClickAsync();
        await Assertions.Expect(page.Locator(".archive-list h2")).ToHaveTextAsync("2 kernels");
        await Assertions.Expect(page.Locator(".disk")).ToContainTextAsync("2 kernels, 2.4 KiB of BTF on disk; 1 kept object"); // 1,063 and 1,423 bytes
        await Assertions.Expect(page.Locator(".archive-objects")).ToContainTextAsync(Samples.ObjectDigest.Hex[..12]);
        await visit.NothingMovedAsync();
        await Looks.CheckAsync(visit, "archive");

        await page.GetByRole(AriaRole.Searchbox).FillAsync("syscall");
        await Assertions.Expect(page.Locator(".archive-list h2")).ToHaveTextAsync("1 kernel");
        await page.WaitForURLAsync("**q=syscall");
        await page.GetByRole(AriaRole.Link, new() { Name = Samples.NewKernel }).ClickAsync();
        await Assertions.Expect(page.Locator(".chip").Nth(1)).ToContainTextAsync(Samples.NewKernel);
        await Assertions.Expect(page.Locator(".bar-verdict")).ToContainTextAsync("Guarded");

        await visit.GoAsync("/#/archive?q=nothing-like-it");
        await Assertions.Expect(page.Locator(".archive-list .empty")).ToContainTextAsync("No kernel matches");
        visit.EndsWell();
    }

    [Fact]
    public async Task A_kernel_is_uploaded_and_one_with_other_BTF_only_replaces_it_when_told_to()
    {
        using var service = new ServiceHost(root: null);
        await using var visit = await Visit.BeginAsync(chromium, service.Http.BaseAddress!);
        var page = visit.Page;
        await visit.GoAsync("/#/archive");
        await page.GetByRole(AriaRole.Link, new() { Name = "Add a kernel" }).ClickAsync();
        var add = page.Locator(".add");
        await add.GetByText("Name of the kernel, if the file does not contain it").ClickAsync();
        await add.GetByLabel("Distribution").FillAsync("mine");
        await add.GetByLabel("Version").FillAsync("1");
        await add.GetByLabel("Architecture").FillAsync("x86_64");
        await add.GetByLabel("Release, or uname -a").FillAsync("5.10.99-mine");
        await UploadAsync(Samples.OldBtf);
        await Assertions.Expect(add).ToContainTextAsync("✓ mine/1/x86_64/5.10.99-mine is in the archive.");
        await Assertions.Expect(page.Locator(".archive-list")).ToContainTextAsync("mine/1/x86_64/5.10.99-mine");
        await Assertions.Expect(page.Locator(".disk")).ToContainTextAsync("3 kernels");

        await UploadAsync(Samples.OldBtf);
        await Assertions.Expect(add).ToContainTextAsync("was already in the archive");

        await UploadAsync(Samples.NewBtf);
        await Assertions.Expect(add).ToContainTextAsync("The kernel has different BTF");
        await Looks.CheckAsync(visit, "conflict");
        await visit.Button("Replace it").ClickAsync();
        await Assertions.Expect(add).ToContainTextAsync("is in the archive");

        await UploadAsync("no kernel"u8.ToArray());
        await Assertions.Expect(add).ToContainTextAsync("Not a kernel file");
        visit.EndsWell();

        Task UploadAsync(byte[] file) =>
            page.Locator("#add-file").SetInputFilesAsync(new FilePayload { Name = "vmlinux", MimeType = "application/octet-stream", Buffer = file });
    }

    [Fact]
    public async Task A_kept_object_is_downloaded_and_deleted_after_a_second_click()
    {
        using var service = new ServiceHost(root: null);
        await RealInputs.KeepAsync(service, "tracer", Samples.Object);
        await using var visit = await Visit.BeginAsync(chromium, service.Http.BaseAddress!);
        var page = visit.Page;
        await visit.GoAsync("/#/archive?show=objects");
        var row = page.Locator(".archive-objects tbody tr");
        await Assertions.Expect(row).ToContainTextAsync("tracer");
        await Assertions.Expect(row).ToContainTextAsync("2 of 2"); // kernels of the archive on which it loads
        var (name, bytes) = await visit.DownloadAsync(visit.Button("Download"));
        Assert.Equal("tracer.bpf.o", name);
        Assert.Equal(Samples.Object, bytes);
        await visit.Button("Delete").ClickAsync();
        await Assertions.Expect(row).ToHaveCountAsync(1);
        await visit.Button("Confirm").ClickAsync();
        await Assertions.Expect(row).ToHaveCountAsync(0);
        await Assertions.Expect(page.Locator(".disk")).ToContainTextAsync("0 kept objects");
        visit.EndsWell();
    }
}
