using Relo.Api.Tests.Fixtures;
using Relo.Browser.Fixtures;
using Relo.Core.Tests.Fixtures;

namespace Relo.Browser;

/// <summary>Objects of users: real, broken on a kernel, damaged, or not an object.</summary>
public sealed class ObjectTests(Chromium chromium, Service service) : IClassFixture<Service>
{
    [Fact]
    public async Task Runqslower_is_uploaded_and_relocated()
    {
        var runqslower = await ChooseToolAsync("runqslower");
        await using var visit = runqslower.Visit;
        await Assertions.Expect(visit.Page.Locator("#contents")).ToContainTextAsync("tp_btf/sched_wakeup");
        await visit.Page.GetByRole(AriaRole.Combobox).FillAsync(Samples.NewKernel);
        await visit.Button("Relocate").ClickAsync();
        await Assertions.Expect(visit.Page.Locator(".badge")).ToHaveTextAsync("guarded");
        await Assertions.Expect(visit.Page.Locator("#report")).ToContainTextAsync("needs-kernel-btf-program");
        await Looks.CheckAsync(visit, "runqslower");

        var (name, patched) = await visit.DownloadAsync(visit.Button("Patched object"));
        Assert.Equal("runqslower.bpf.o", name);
        using var body = new ByteArrayContent(runqslower.Bytes);
        using var request = new HttpRequestMessage(HttpMethod.Post,
            $"/v1/relocations?kernel={Samples.NewKernel}")
        { Content = body, Headers = { { "Accept", "application/octet-stream" } } };
        using var answer = await service.Http.SendAsync(request);
        Assert.Equal(await answer.Content.ReadAsByteArrayAsync(), patched);
    }

    [Fact]
    public async Task An_object_that_is_broken_on_a_kernel_says_so_and_why()
    {
        await using var visit = (await ChooseToolAsync("tcpconnect")).Visit;
        await visit.Page.GetByRole(AriaRole.Combobox).FillAsync(Samples.NewKernel);
        await visit.Button("Relocate").ClickAsync();
        await Assertions.Expect(visit.Page.Locator(".badge")).ToHaveTextAsync("broken");
        await Assertions.Expect(visit.Page.Locator("#report")).ToContainTextAsync("the verifier will reject it");
        await Assertions.Expect(visit.Page.Locator("#report")).ToContainTextAsync("call 195896080");
        await Assertions.Expect(visit.Page.Locator("#report")).ToContainTextAsync("no-type, can be reached");
        await Looks.CheckAsync(visit, "broken");
    }

    [Fact]
    public async Task A_malformed_object_is_refused_with_the_place_where_it_is_damaged()
    {
        await using var visit = await Visit.BeginAsync(chromium, service.Http.BaseAddress!);
        await ChooseAsync(visit, "cut.bpf.o", Samples.Object[..4000]);
        var status = visit.Page.Locator("#object-status");
        await Assertions.Expect(status).ToContainTextAsync("The BPF object is malformed");
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
        visit.EndsWell();
    }

    [Fact]
    public async Task Names_that_look_like_markup_stay_names()
    {
        await using var visit = await Visit.BeginAsync(chromium, service.Http.BaseAddress!);
        await ChooseAsync(visit, "<img src=x onerror=alert(1)>.o", Samples.Object);
        await Assertions.Expect(visit.Page.Locator(".chosen")).ToContainTextAsync("<img src=x onerror=alert(1)>.o");
        Assert.Equal(1, await visit.Page.Locator("img").CountAsync()); // the page's own
        visit.EndsWell();
    }

    private async Task<(Visit Visit, byte[] Bytes)> ChooseToolAsync(string name)
    {
        var tool = LibbpfTools.Objects.FirstOrDefault(o => o.Name == name).Bytes;
        Assert.SkipWhen(tool is null, "libbpf-tools is not installed");
        var visit = await Visit.BeginAsync(chromium, service.Http.BaseAddress!);
        await ChooseAsync(visit, $"{name}.bpf.o", tool!);
        return (visit, tool!);
    }

    private static async Task ChooseAsync(Visit visit, string name, byte[] bytes)
    {
        await visit.GoAsync();
        await visit.Page.SetInputFilesAsync(
            "#file", new FilePayload { Name = name, MimeType = "application/octet-stream", Buffer = bytes });
    }
}
