using Relo.Api.Tests.Fixtures;
using Relo.Browser.Fixtures;

namespace Relo.Browser;

/// <summary>What holds for every view: on a slow line nothing moves and no click is lost, and a keyboard reaches every control.</summary>
public sealed class EveryViewTests(Chromium chromium, Service service) : IClassFixture<Service>
{
    private const int OneMbit = 125_000; // bytes per second
    private const int MostStops = 400;

    // What Tab leads to; a control without a visible outline, or outside of what can be scrolled into view, is a fault.
    private const string Focused = """
        () => {
          const e = document.activeElement;
          if (!e || e === document.body) return ['', ''];
          window.seen ??= new Map();
          if (!seen.has(e)) seen.set(e, seen.size);
          const shown = e.closest('.drop, .drop-inline') && e.type === 'file' ? e.parentElement : e;
          const outlined = [shown, ...shown.querySelectorAll('label')].some(x => getComputedStyle(x).outlineStyle !== 'none');
          const box = shown.getBoundingClientRect();
          const inside = box.bottom > 0 && box.top < innerHeight && box.width > 0;
          const name = `${e.tagName} ${e.id} ${e.textContent.trim().slice(0, 30)}`;
          return [String(seen.get(e)), outlined && inside ? '' : `${name}: ${outlined ? 'outside of the window' : 'no visible focus'}`];
        }
        """;

    // Controls that Tab should reach: all but those of closed folds.
    private const string Reachable = """
        () => [...document.querySelectorAll('a[href], button, input, select, summary, [tabindex="0"]')]
          .filter(e => e.checkVisibility({ visibilityProperty: true }) && !e.disabled && e.tabIndex >= 0).length
        """;

    public static TheoryData<string, string, string> Views => new()
    {
        { "start", "/", "#start-archive" },
        { "report", $"/#/relocate?object=sample&kernel={Samples.NewKernel}", ".program" },
        { "broken", $"/#/relocate?object=sample-broken&kernel={Samples.NewKernel}", ".program" },
        { "not found", "/#/relocate?object=sample&kernel=5.11.3-syscall-work", ".problem" },
        { "many", "/#/many?object=sample", ".compare" },
        { "many, empty", "/#/many", "label[for=many-file]" },
        { "types", "/#/types?q=state", ".hits" },
        { "type", $"/#/types/task_struct?kernel={Samples.NewKernel}&field=state", ".layout-rows" },
        { "history", $"/#/types/task_struct?kernel={Samples.NewKernel}&show=history", "section[aria-label=History]" },
        { "difference", $"/#/types/task_struct?kernel={Samples.OldKernel}&with={Samples.NewKernel}", ".diff-rows" },
        { "uses", $"/#/types/thread_info?kernel={Samples.NewKernel}&show=uses", ".hits" },
        { "archive", "/#/archive", ".archive-objects .table, .archive-objects .empty" },
        { "adding", "/#/archive?add=1", ".archive-objects .table, .archive-objects .empty" },
    };

    [Theory]
    [MemberData(nameof(Views))]
    public async Task On_a_slow_line_nothing_moves_and_the_keyboard_reaches_everything(string view, string address, string whole)
    {
        await using var visit = await Visit.BeginAsync(chromium, service.Http.BaseAddress!, width: 1440);
        var page = visit.Page;
        await visit.SlowDownAsync(OneMbit);
        await page.GotoAsync(new Uri(visit.Service, address).ToString(), new() { WaitUntil = WaitUntilState.Commit });
        await page.Locator(whole).First.WaitForAsync();
        await page.WaitForLoadStateAsync(LoadState.NetworkIdle);
        TestContext.Current.TestOutputHelper!.WriteLine($"{view}, 1 Mbit/s: {await visit.TimesAsync()}");
        await visit.SlowDownAsync(bytesPerSecond: -1);
        await visit.NothingMovedAsync();
        await page.EvaluateAsync("() => document.querySelector('.skip-link').focus()"); // the first control of each view

        var expected = await page.EvaluateAsync<int>(Reachable);
        var (seen, faults) = (new HashSet<string>(), new List<string>());
        for (var stops = 0; stops < MostStops; stops++)
        {
            if (stops > 0) await page.Keyboard.PressAsync("Tab");
            var (id, fault) = await page.EvaluateAsync<string[]>(Focused) is [var at, var wrong] ? (at, wrong) : ("", "");
            if (id.Length == 0 || !seen.Add(id)) break; // past the end, or around
            if (fault.Length > 0) faults.Add(fault);
        }

        Assert.Empty(faults);
        Assert.True(seen.Count >= expected, $"Tab reaches {seen.Count} of {expected} controls");
        visit.EndsWell();
    }
}
