using System.Diagnostics;
using System.Net.Http.Headers;
using Relo.Api.Tests.Fixtures;
using Relo.Browser.Fixtures;

namespace Relo.Browser;

/// <summary>One object on all kernels: the heat map that fills while the response arrives.</summary>
public sealed class MatrixTests(Chromium chromium)
{
    // What the legend, the map and the progress have counted, at one moment.
    private const string Counted = """
        () => {
          const number = text => Number(text.replace(/\D/g, ''));
          const sum = places => [...document.querySelectorAll(places)].reduce((all, e) => all + number(e.textContent), 0);
          return [sum('#m-status .legend li'), sum('#m-heat .bar .parts span') + document.querySelectorAll('#m-heat .square').length, number(document.querySelector('#m-progress .hint').textContent.split(' of ')[0])];
        }
        """;

    [Fact]
    public async Task Sample_is_held_against_all_kernels_and_a_square_leads_to_the_report()
    {
        using var service = new ServiceHost(root: null);
        await AddAsync(service, "mine", "6.6.6-no-pid", MadeUpBtf.WithoutPid());
        await AddAsync(service, "mine", "6.6.7-twice", MadeUpBtf.Ambiguous());
        await using var visit = await Visit.BeginAsync(chromium, service.Http.BaseAddress!);
        var page = visit.Page;
        await visit.GoAsync("/#/matrix");
        await visit.Button("Check them all").ClickAsync();
        await Assertions.Expect(page.Locator("#m-status")).ToContainTextAsync("There is no object yet");
        await Looks.CheckAsync(visit, "matrix-empty");

        await visit.Button("Use the sample").ClickAsync();
        await Assertions.Expect(page.Locator("#contents")).ToContainTextAsync("handle_sched_switch");
        await visit.Button("Check them all").ClickAsync();
        await Assertions.Expect(page.Locator("#m-progress")).ToHaveTextAsync("All 4 kernels checked.");
        await Assertions.Expect(page.Locator("#m-status")).ToContainTextAsync("2 guarded");
        await Assertions.Expect(page.GetByRole(AriaRole.Link, new() { Name = "mine/1/x86_64/6.6.6-no-pid: broken" })).ToBeVisibleAsync();
        await Assertions.Expect(page.GetByRole(AriaRole.Link, new() { Name = "mine/1/x86_64/6.6.7-twice: failed" })).ToBeVisibleAsync();
        await page.Locator("#m-groups summary").First.ClickAsync();
        await Assertions.Expect(page.Locator("#m-groups")).ToContainTextAsync("struct task_struct.pid");
        await Assertions.Expect(page.Locator("#m-groups")
            .GetByRole(AriaRole.Link, new() { Name = "mine/1/x86_64/6.6.6-no-pid", Exact = true })).ToBeVisibleAsync();
        await Looks.CheckAsync(visit, "matrix-done");

        var address = page.Url;
        await page.GetByRole(AriaRole.Link, new() { Name = $"{Samples.NewKernel}: guarded" }).ClickAsync();
        await Assertions.Expect(page.Locator(".badge")).ToHaveTextAsync("guarded");
        await Assertions.Expect(page.Locator("#report")).ToContainTextAsync(Samples.NewKernel);

        await using var other = await Visit.BeginAsync(chromium, service.Http.BaseAddress!);
        await other.Page.GotoAsync(address); // the link asks for the same
        await Assertions.Expect(other.Page.Locator("#m-progress")).ToHaveTextAsync("All 4 kernels checked.");
        visit.EndsWell();
        other.EndsWell();
    }

    [Fact]
    public async Task Twenty_thousand_kernels_fill_the_map_as_they_come_and_can_be_cancelled()
    {
        using var many = new ManyKernels();
        await using var visit = await Visit.BeginAsync(chromium, many.Address);
        var page = visit.Page;
        await visit.GoAsync("/#/matrix?object=sample");
        await Assertions.Expect(page.Locator("#contents")).ToContainTextAsync("handle_sched_switch");
        await visit.SlowDownAsync(bytesPerSecond: 20_000); // minutes for the whole answer: the map is looked at while it fills
        await visit.Button("Check them all").ClickAsync();
        await Assertions.Expect(page.Locator("#m-progress")).ToContainTextAsync("of 20,002 kernels");
        await Assertions.Expect(page.Locator("#m-heat .square, #m-heat .bar").First).ToBeVisibleAsync();
        for (var i = 0; i < 20; i++)
        {
            var said = await page.EvaluateAsync<int[]>(Counted);
            Assert.True(said.Distinct().Count() == 1, $"legend, map and progress say {string.Join(", ", said)}");
        }

        await Looks.CheckAsync(visit, "matrix-running");
        await visit.Button("Cancel").ClickAsync();
        await Assertions.Expect(page.Locator("#m-progress")).ToContainTextAsync("Cancelled after");
        var counted = await page.Locator("#m-progress").InnerTextAsync();
        var seen = int.Parse(string.Concat(counted.Where(char.IsAsciiDigit)), System.Globalization.CultureInfo.InvariantCulture);
        Assert.InRange(seen, 1, ManyKernels.Count);
        await Assertions.Expect(page.Locator("#m-heat table")).ToBeVisibleAsync(); // what was found stays
        await Looks.CheckAsync(visit, "matrix-cancelled");

        await visit.SlowDownAsync(bytesPerSecond: -1);
        var clock = Stopwatch.StartNew();
        await visit.Button("Check them all").ClickAsync();
        await Assertions.Expect(page.Locator("#m-progress")).ToHaveTextAsync("All 20,002 kernels checked.");
        TestContext.Current.TestOutputHelper!.WriteLine($"20,002 kernels checked and drawn in {clock.ElapsedMilliseconds} ms");
        await Looks.CheckAsync(visit, "matrix-20000");

        // A field with more kernels than it has room for is a bar that opens.
        await page.GetByRole(AriaRole.Button, new() { Name = "debian 11, Linux 5.10: 2,000 kernels" }).ClickAsync();
        await Assertions.Expect(page.Locator("#m-cell h2")).ToBeFocusedAsync();
        await Assertions.Expect(page.Locator("#m-cell .release")).ToHaveCountAsync(500);
        await visit.Button("Show more of 1,500").ClickAsync();
        await Assertions.Expect(page.Locator("#m-cell .release")).ToHaveCountAsync(1000);
        visit.EndsWell();
    }

    [Fact]
    public async Task A_single_line_of_many_kernels_is_a_bar_that_can_be_taken_in_at_a_glance()
    {
        using var service = new ServiceHost(root: null);
        for (var i = 0; i < 13; i++) await AddAsync(service, "mine", $"6.6.{i}", MadeUpBtf.Of($"kernel{i}"));
        await using var visit = await Visit.BeginAsync(chromium, service.Http.BaseAddress!);
        await visit.GoAsync("/#/matrix?object=sample&distro=mine");
        await Assertions.Expect(visit.Page.Locator("#contents")).ToContainTextAsync("handle_sched_switch");
        await visit.Button("Check them all").ClickAsync();
        await Assertions.Expect(visit.Page.Locator("#m-progress")).ToHaveTextAsync("All 13 kernels checked.");
        Assert.InRange((await visit.Page.Locator("#m-heat .bar").BoundingBoxAsync())!.Width, 50, 400);
        await Looks.CheckAsync(visit, "matrix-one-bar");
        visit.EndsWell();
    }

    private static async Task AddAsync(ServiceHost service, string distro, string release, byte[] btf)
    {
        using var body = new ByteArrayContent(btf) { Headers = { ContentType = new MediaTypeHeaderValue("application/octet-stream") } };
        (await service.Http.PostAsync($"/v1/kernels?distro={distro}&version=1&arch=x86_64&release={release}", body))
            .EnsureSuccessStatusCode();
    }
}
