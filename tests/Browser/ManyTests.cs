using System.Diagnostics;
using Relo.Api.Tests.Fixtures;
using Relo.Browser.Fixtures;

namespace Relo.Browser;

/// <summary>One object on many kernels: the map that fills while results arrive, and the groups.</summary>
public sealed class ManyTests(Chromium chromium)
{
    // What the tally and the progress have counted, at one moment.
    private const string Counted = """
        () => {
          const number = text => Number(text.replace(/\D/g, ''));
          return [[...document.querySelectorAll('.tally span')].reduce((all, e) => all + number(e.textContent), 0), number(document.querySelector('.progress .hint').textContent.split(' of ')[0])];
        }
        """;

    [Fact]
    public async Task Groups_are_titled_by_what_distinguishes_them_and_the_worst_comes_first()
    {
        using var service = new ServiceHost(root: null);
        await RealInputs.AddAsync(service, "mine", "6.6.6-no-pid", MadeUpBtf.WithoutPid());
        await RealInputs.AddAsync(service, "mine", "6.7.7-twice", MadeUpBtf.Ambiguous());
        await using var visit = await Visit.BeginAsync(chromium, service.Http.BaseAddress!);
        var page = visit.Page;
        await visit.GoAsync("/#/many");
        await Assertions.Expect(page.Locator("h1").Last).ToHaveTextAsync("On which kernels does it load, and where does it break?");
        await Looks.CheckAsync(visit, "many-empty");

        await page.GetByRole(AriaRole.Link, new() { Name = "try the sample object" }).ClickAsync();
        await Assertions.Expect(page.Locator(".progress")).ToContainTextAsync("All 4 kernels checked");
        await Assertions.Expect(page.Locator(".tally")).ToHaveTextAsync("✕ 2 do not load! 0 need a look✓ 2 load");
        var groups = page.Locator(".group");
        await Assertions.Expect(groups).ToHaveCountAsync(4);
        await Assertions.Expect(groups.Nth(0)).ToContainTextAsync("1 kernel: mine/1/x86_64/6.");
        await Assertions.Expect(groups.Filter(new() { HasText = "Broken" })).ToContainTextAsync("task_struct.pid does not exist, and line");
        await Assertions.Expect(groups.Filter(new() { HasText = "Guarded" }).First).ToContainTextAsync("instead of");
        await visit.NothingMovedAsync();
        await groups.Filter(new() { HasText = "Broken" }).Locator("summary").ClickAsync();
        await Assertions.Expect(page.Locator(".group-body .c-line").First).ToBeVisibleAsync();
        await Looks.CheckAsync(visit, "many");

        var address = page.Url;
        await page.GetByRole(AriaRole.Button, new() { Name = "mine 1 x86_64, Linux 6.6: 1 Broken" }).ClickAsync();
        await Assertions.Expect(page.Locator(".bar-verdict")).ToContainTextAsync("Broken task_struct.pid does not exist on this kernel");

        await using var other = await Visit.BeginAsync(chromium, service.Http.BaseAddress!);
        await other.Page.GotoAsync(address); // the link asks for the same
        await Assertions.Expect(other.Page.Locator(".progress")).ToContainTextAsync("All 4 kernels checked");
        visit.EndsWell();
        other.EndsWell();
    }

    [Fact]
    public async Task Two_results_are_compared_and_filters_are_choices_with_counts()
    {
        using var service = new ServiceHost(root: null);
        await RealInputs.AddAsync(service, "mine", "6.6.6", MadeUpBtf.Of("kernel"), "arm64");
        await using var visit = await Visit.BeginAsync(chromium, service.Http.BaseAddress!);
        var page = visit.Page;
        await visit.GoAsync("/#/many?object=sample");
        await Assertions.Expect(page.Locator(".compare")).ToContainTextAsync("What differs between two results");
        await page.GetByLabel("First result").SelectOptionAsync(new SelectOptionValue { Index = 0 });
        await page.GetByLabel("Second result").SelectOptionAsync(new SelectOptionValue { Index = 1 });
        await Assertions.Expect(page.Locator(".compare tbody tr").Filter(new() { HasText = "task_struct.pid" })).ToContainTextAsync("at 8");
        await Assertions.Expect(page.GetByRole(AriaRole.Group, new() { Name = "Distribution" })).ToHaveTextAsync("Distributionall 3sample 2mine 1");
        await page.GetByRole(AriaRole.Button, new() { Name = "mine 1", Exact = true }).ClickAsync();
        await Assertions.Expect(page.Locator(".progress")).ToContainTextAsync("All 1 kernel checked");
        await page.WaitForURLAsync("**distro=mine**");
        await Assertions.Expect(page.Locator(".grid tbody tr")).ToHaveCountAsync(1);
        await visit.GoAsync("/#/many?object=sample&distro=nowhere");
        await Assertions.Expect(page.Locator(".empty").First).ToContainTextAsync("No kernel in the archive matches");
        visit.EndsWell();
    }

    [Fact]
    public async Task Twenty_thousand_kernels_fill_the_map_as_they_come_and_can_be_cancelled()
    {
        using var many = new ManyKernels();
        await using var visit = await Visit.BeginAsync(chromium, many.Address);
        var page = visit.Page;
        await visit.GoAsync();
        await visit.SlowDownAsync(bytesPerSecond: 20_000); // minutes for the whole answer: the map is looked at while it fills
        await page.EvaluateAsync("() => { location.hash = '#/many?object=sample'; }");
        await Assertions.Expect(page.Locator(".progress")).ToContainTextAsync("of 20,002 kernels, about");
        await Assertions.Expect(page.Locator(".cell .part").First).ToBeVisibleAsync();
        for (var i = 0; i < 20; i++)
        {
            var said = await page.EvaluateAsync<int[]>(Counted);
            Assert.True(said.Distinct().Count() == 1, $"tally and progress say {string.Join(", ", said)}");
        }

        await visit.NothingMovedAsync(); // while it fills
        await Looks.CheckAsync(visit, "many-running");
        await visit.Button("Cancel").ClickAsync();
        await Assertions.Expect(page.Locator(".progress")).ToContainTextAsync("Cancelled after");
        await Assertions.Expect(page.Locator(".cell .part").First).ToBeVisibleAsync(); // what was found stays
        await Looks.CheckAsync(visit, "many-cancelled");

        await visit.SlowDownAsync(bytesPerSecond: -1);
        var clock = Stopwatch.StartNew();
        await visit.Button("Check again").ClickAsync();
        await Assertions.Expect(page.Locator(".progress")).ToContainTextAsync("All 20,002 kernels checked");
        TestContext.Current.TestOutputHelper!.WriteLine($"20,002 kernels checked and drawn in {clock.ElapsedMilliseconds} ms");
        await Looks.CheckAsync(visit, "many-20000");

        await page.Locator(".cell[title^='debian 11 x86_64, Linux 5.10: ']").ClickAsync();
        await Assertions.Expect(page.Locator(".many-map h3")).ToHaveTextAsync("debian 11 x86_64, Linux 5.10: 2,000 kernels");
        await Assertions.Expect(page.Locator(".many-map h3")).ToBeFocusedAsync();
        Assert.InRange(await page.Locator(".many-map .kernel-links a").CountAsync(), 100, 500); // the others as they are scrolled to
        visit.EndsWell();
    }
}
