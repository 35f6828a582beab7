using Relo.Api.Tests.Fixtures;
using Relo.Browser.Fixtures;
using Relo.Core.Tests.Fixtures;

namespace Relo.Browser;

/// <summary>Objects as people have them: real, broken on a kernel, damaged, or none at all.</summary>
public sealed class ObjectTests(Chromium chromium, Service service) : IClassFixture<Service>
{
    [Fact]
    public async Task Runqslower_is_uploaded_and_broken_on_a_kernel_that_lacks_what_it_reads()
    {
        var runqslower = LibbpfTools.Objects.FirstOrDefault(o => o.Name == "runqslower").Bytes;
        Assert.SkipWhen(runqslower is null, "libbpf-tools is not installed");
        await using var visit = await Visit.BeginAsync(chromium, service.Http.BaseAddress!);
        await ChooseAsync(visit, "runqslower.bpf.o", runqslower!);
        await Assertions.Expect(visit.Page.Locator("#contents")).ToContainTextAsync("struct task_struct");
        await visit.Page.GetByRole(AriaRole.Combobox).FillAsync(Samples.NewKernel);
        await visit.Button("Relocate").ClickAsync();
        await Assertions.Expect(visit.Page.Locator(".badge")).ToHaveTextAsync("broken");
        await Assertions.Expect(visit.Page.Locator("#report")).ToContainTextAsync("the verifier will refuse it");
        await Assertions.Expect(visit.Page.Locator("#report")).ToContainTextAsync("call 195896080");
        await Looks.CheckAsync(visit, "broken");

        var (name, patched) = await visit.DownloadAsync(visit.Button("Patched object"));
        Assert.Equal("runqslower.bpf.o", name);
        Assert.Equal(runqslower!.Length, patched.Length);
        Assert.NotEqual(runqslower, patched);
    }

    [Fact]
    public async Task A_malformed_object_is_refused_with_the_place_where_it_is_damaged()
    {
        await using var visit = await Visit.BeginAsync(chromium, service.Http.BaseAddress!);
        await ChooseAsync(visit, "cut.bpf.o", Samples.Object[..4000]);
        var status = visit.Page.Locator("#object-status");
        await Assertions.Expect(status).ToContainTextAsync("The BPF object is broken");
        await Assertions.Expect(status).ToContainTextAsync("Where:");
        await Assertions.Expect(status).ToContainTextAsync("Compile it again");
        await Looks.CheckAsync(visit, "malformed");
    }

    [Fact]
    public async Task A_file_that_is_no_object_is_refused_and_the_next_choice_starts_anew()
    {
        await using var visit = await Visit.BeginAsync(chromium, service.Http.BaseAddress!);
        await ChooseAsync(visit, "hosts", "127.0.0.1 localhost\n"u8.ToArray());
        await Assertions.Expect(visit.Page.Locator("#object-status")).ToContainTextAsync("Not a BPF object");
        await visit.Button("Use the sample").ClickAsync();
        await Assertions.Expect(visit.Page.Locator("#contents")).ToContainTextAsync("handle_sched_switch");
        await Assertions.Expect(visit.Page.Locator("#object-status")).Not.ToContainTextAsync("Not a BPF object");
        Assert.Empty(visit.Complaints);
    }

    [Fact]
    public async Task Names_that_look_like_markup_stay_names()
    {
        await using var visit = await Visit.BeginAsync(chromium, service.Http.BaseAddress!);
        await ChooseAsync(visit, "<img src=x onerror=alert(1)>.o", Samples.Object);
        await Assertions.Expect(visit.Page.Locator(".chosen")).ToContainTextAsync("<img src=x onerror=alert(1)>.o");
        Assert.Equal(1, await visit.Page.Locator("img").CountAsync()); // the page's own
        Assert.Empty(visit.Complaints);
    }

    private static async Task ChooseAsync(Visit visit, string name, byte[] bytes)
    {
        await visit.GoAsync();
        await visit.Page.SetInputFilesAsync("#file", new FilePayload { Name = name, MimeType = "application/octet-stream", Buffer = bytes });
    }
}
