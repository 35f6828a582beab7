using System.Text.Json;
using System.Text.Json.Nodes;
using Relo.Api.Tests.Fixtures;
using Relo.Browser.Fixtures;

namespace Relo.Browser;

/// <summary>Objects of users: real, of another architecture, huge, hostile, damaged, or not an object.</summary>
public sealed class ObjectTests(Chromium chromium, Service service) : IClassFixture<Service>
{
    [Fact]
    public async Task Runqslower_on_a_real_kernel()
    {
        var kernel = await RealInputs.AddKernelAsync(service, "debian/12/x86_64", "6.1.*");
        await RealInputs.KeepAsync(service, "runqslower", RealInputs.Tool("runqslower"));
        await using var visit = await Visit.BeginAsync(chromium, service.Http.BaseAddress!);
        await visit.GoAsync($"/#/relocate?object=runqslower&kernel={kernel}");
        await Assertions.Expect(visit.Page.Locator(".bar-verdict")).ToContainTextAsync("Guarded");
        await Assertions.Expect(visit.Page.Locator(".needs")).ToContainTextAsync("attach through kernel BTF");
        await Assertions.Expect(visit.Page.Locator(".c-line").First).Not.ToContainTextAsync("/build/"); // the path is in the tooltip
        await visit.NothingMovedAsync();
        await Looks.CheckAsync(visit, "runqslower");
    }

    [Fact]
    public async Task An_object_of_another_architecture_is_one_sentence_and_one_remedy()
    {
        var kernel = await RealInputs.AddKernelAsync(service, "debian/12/arm64", "6.1.*");
        await RealInputs.KeepAsync(service, "klockstat", RealInputs.Tool("klockstat"));
        await using var visit = await Visit.BeginAsync(chromium, service.Http.BaseAddress!);
        var page = visit.Page;
        await visit.GoAsync($"/#/relocate?object=klockstat&kernel={kernel}");
        await Assertions.Expect(page.Locator(".bar-verdict")).ToContainTextAsync("Wrong architecture The object is compiled for x86, and the kernel is arm64");
        await Assertions.Expect(page.Locator(".cause")).ToContainTextAsync("-D__TARGET_ARCH_arm64");
        await Assertions.Expect(page.Locator(".cause .cause-place")).ToHaveCountAsync(0); // not each of them
        await visit.NothingMovedAsync();
        await Looks.CheckAsync(visit, "other-architecture");
    }

    [Fact]
    public async Task The_largest_of_libbpf_tools()
    {
        var kernel = await RealInputs.AddKernelAsync(service, "debian/12/x86_64", "6.12.*");
        var (_, bytes) = RealInputs.Largest();
        await RealInputs.KeepAsync(service, "largest", bytes);
        await using var visit = await Visit.BeginAsync(chromium, service.Http.BaseAddress!);
        await visit.GoAsync($"/#/relocate?object=largest&kernel={kernel}");
        await visit.Page.GetByText("programs without any change").ClickAsync(); // folded: each of them says the same
        await Assertions.Expect(visit.Page.Locator(".program").First).ToBeVisibleAsync();
        await visit.NothingMovedAsync();
        await Looks.CheckAsync(visit, "largest");
    }

    [Fact]
    public async Task Seventeen_thousand_records_are_made_as_they_are_scrolled_to()
    {
        await using var visit = await Visit.BeginAsync(chromium, service.Http.BaseAddress!);
        var page = visit.Page;
        await page.RouteAsync("**/v1/relocat*/**", async route =>
        {
            var answer = await route.FetchAsync();
            var report = JsonNode.Parse(await answer.TextAsync())!;
            var record = report["relocations"]!.AsArray()[6]!.ToJsonString();
            var many = new JsonArray();
            for (var i = 0; i < 17_000; i++)
            {
                var copy = JsonNode.Parse(record)!;
                (copy["index"], copy["instruction"], copy["source"]!["line"]) = (i, i * 2, i + 1);
                many.Add(copy);
            }

            report["relocations"] = many;
            await route.FulfillAsync(new() { Response = answer, Body = report.ToJsonString(new JsonSerializerOptions()) });
        });
        var clock = System.Diagnostics.Stopwatch.StartNew();
        await visit.GoAsync($"/#/relocate?object=sample&kernel={Samples.NewKernel}");
        await Assertions.Expect(page.Locator(".program")).ToHaveCountAsync(1);
        await Assertions.Expect(page.Locator(".counts")).ToHaveTextAsync("17,000 changed");
        TestContext.Current.TestOutputHelper!.WriteLine($"17,000 records shown after {clock.ElapsedMilliseconds} ms");
        await page.Locator(".program summary").First.ClickAsync();
        await Assertions.Expect(page.Locator(".hunk").First).ToBeVisibleAsync();
        Assert.InRange(await page.Locator(".hunk").CountAsync(), 100, 1000);
        await page.Keyboard.PressAsync("End");
        await Assertions.Expect(page.Locator(".hunk").Nth(150)).ToBeAttachedAsync();
        clock.Restart();
        await page.GetByRole(AriaRole.Searchbox).FillAsync("bpf.c:16999");
        await Assertions.Expect(page.GetByText("1 of 17,000 relocations")).ToBeVisibleAsync();
        TestContext.Current.TestOutputHelper!.WriteLine($"found after {clock.ElapsedMilliseconds} ms");
        visit.EndsWell();
    }

    [Fact]
    public async Task Names_that_look_like_markup_stay_names()
    {
        await RealInputs.KeepAsync(service, "hostile", HostileNames.Object);
        await using var visit = await Visit.BeginAsync(chromium, service.Http.BaseAddress!);
        var page = visit.Page;
        await visit.GoAsync($"/#/relocate?object=hostile&kernel={Samples.NewKernel}");
        foreach (var name in HostileNames.Shown) await Assertions.Expect(page.Locator("#view")).ToContainTextAsync(name);
        Assert.Equal(1, await page.Locator("img").CountAsync()); // the page's own
        await Looks.CheckAsync(visit, "hostile");
        await visit.GoAsync("/#/many?object=hostile");
        await Assertions.Expect(page.Locator(".many-groups .mark").First).ToBeVisibleAsync();
        await page.Locator(".group summary").First.ClickAsync();
        await Looks.CheckAsync(visit, "hostile-many");
        await visit.GoAsync();
        await StartTests.ChooseAsync(visit, "<img src=x onerror=alert(1)>.o", Samples.Object);
        await Assertions.Expect(page.Locator("#file-name")).ToHaveTextAsync("<img src=x onerror=alert(1)>.o");
        Assert.Equal(1, await page.Locator("img").CountAsync());
        visit.EndsWell();
    }

    [Fact]
    public async Task A_malformed_object_is_refused_with_the_place_where_it_is_damaged()
    {
        await using var visit = await Visit.BeginAsync(chromium, service.Http.BaseAddress!);
        await visit.GoAsync();
        await visit.Page.SetInputFilesAsync("#file", new FilePayload { Name = "cut.bpf.o", MimeType = "application/octet-stream", Buffer = Samples.Object[..4000] });
        var problem = visit.Page.Locator("#ask-problem");
        await Assertions.Expect(problem).ToContainTextAsync("The BPF object is malformed");
        await Assertions.Expect(problem).ToContainTextAsync("Where:");
        await Assertions.Expect(problem).ToContainTextAsync("Compile it again");
        await Looks.CheckAsync(visit, "malformed");
    }

    [Fact]
    public async Task A_file_that_is_no_object_is_refused_and_the_next_choice_starts_anew()
    {
        await using var visit = await Visit.BeginAsync(chromium, service.Http.BaseAddress!);
        await visit.GoAsync();
        await visit.Page.SetInputFilesAsync("#file", new FilePayload { Name = "hosts", MimeType = "text/plain", Buffer = "127.0.0.1 localhost\n"u8.ToArray() });
        await Assertions.Expect(visit.Page.Locator("#ask-problem")).ToContainTextAsync("Not a BPF object");
        await StartTests.ChooseAsync(visit, "good.bpf.o", Samples.Object);
        await Assertions.Expect(visit.Page.Locator("#ask-problem")).ToBeEmptyAsync();
        visit.EndsWell();
    }
}
