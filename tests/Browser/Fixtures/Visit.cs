using System.Collections.Concurrent;

namespace Relo.Browser.Fixtures;

/// <summary>
/// A visitor with a separate browser window. Console messages and exceptions of the page are recorded: a visit that ends with
/// any of it, but for the answers that a test expects to be problems, has failed.
/// </summary>
internal sealed class Visit : IAsyncDisposable
{
    private const float Patience = 60_000; // of each step; the machine may be busy

    // Counts what moved without the user's doing, and what was pressed without becoming a click on the same control.
    private const string Watch = """
        window.watched = { shift: 0, moved: [], lost: [] };
        // Chromium blames the user for what moves within half a second of a press. On a busy machine, the answer to the request that
        // the press began comes later, and what it brings is still the user's doing.
        const spans = [], grace = 500;
        const isUsers = at => spans.some(span => span.from <= at && at <= span.to + grace);
        const begin = from => {
          const span = { from, to: Infinity };
          spans.push(span);
          return () => { span.to = performance.now(); };
        };
        const follow = (object, name, ended) => {
          const own = object[name];
          object[name] = function (...given) {
            const now = performance.now(), end = isUsers(now) ? begin(now) : () => {};
            return ended(own.apply(this, given), this, end);
          };
        };
        const press = () => begin(performance.now())();
        for (const type of ['pointerdown', 'pointerup', 'keydown', 'change']) addEventListener(type, press, true);
        follow(window, 'fetch', (answer, _, end) => answer.finally(end));
        for (const read of ['json', 'text', 'arrayBuffer', 'blob']) follow(Response.prototype, read, (body, _, end) => body.finally(end));
        follow(XMLHttpRequest.prototype, 'send', (nothing, request, end) => request.addEventListener('loadend', end));
        // Playwright hides scroll bars a moment after a page begins; the 15 pixels that are kept for one go, and what is at the right edge moves.
        const isScrollBar = ({ previousRect: was, currentRect: is }) => is.x - was.x === 15 && is.y === was.y;
        new PerformanceObserver(list => {
          for (const entry of list.getEntries()) {
            if (entry.hadRecentInput || isUsers(entry.startTime) || entry.sources.every(isScrollBar)) continue;
            watched.shift += entry.value;
            watched.moved.push(...entry.sources.map(({ node, previousRect: was, currentRect: is }) =>
              `${node?.id || node?.className || node?.nodeName} ${was.x},${was.y},${was.width} to ${is.x},${is.y},${is.width}`));
          }
        }).observe({ type: 'layout-shift', buffered: true });
        const controlOf = event => event.target.closest?.('a, button, summary, label, [role=option]');
        let pressed = null;
        addEventListener('pointerdown', event => { pressed = controlOf(event); }, true);
        addEventListener('click', event => { if (controlOf(event) === pressed) pressed = null; }, true);
        addEventListener('pointerup', () => {
          const control = pressed;
          setTimeout(() => { if (control && pressed === control && control.role !== 'option') watched.lost.push(control.textContent.slice(0, 40)); }, 50);
        }, true);
        """;

    private readonly IBrowserContext _context;
    private readonly ConcurrentQueue<string> _complaints = new();
    private ICDPSession? _way;

    private Visit(IBrowserContext context, IPage page, Uri service) => (_context, Page, Service) = (context, page, service);

    public IPage Page { get; }

    public Uri Service { get; }

    /// <summary>
    /// Asserts that nothing went wrong in the page; a request that was answered with a problem is for the page to explain, and no
    /// complaint.
    /// </summary>
    public void EndsWell() => Assert.True(_complaints.IsEmpty, string.Join('\n', _complaints));

    public static async Task<Visit> BeginAsync(Chromium chromium, Uri service, int width = 1600)
    {
        var context = await chromium.Browser.NewContextAsync(
            new() { ViewportSize = new() { Width = width, Height = 900 }, AcceptDownloads = true, ReducedMotion = ReducedMotion.Reduce });
        context.SetDefaultTimeout(Patience);
        await context.AddInitScriptAsync(Axe.Source);
        await context.AddInitScriptAsync(Watch);
        var page = await context.NewPageAsync();
        var visit = new Visit(context, page, service);
        page.PageError += (_, error) => visit._complaints.Enqueue(error);
        page.Console += (_, message) =>
        {
            if (message.Type is "error" or "warning"
                && !message.Text.StartsWith(
                    "Failed to load resource: the server responded", StringComparison.Ordinal)) visit._complaints.Enqueue(message.Text);
        };
        return visit;
    }

    /// <summary>Asserts that nothing on the page moved by itself, and that no click was lost.</summary>
    public async Task NothingMovedAsync()
    {
        var moved = await Page.EvaluateAsync<string>("() => watched.shift === 0 ? '' : `${watched.shift}: ${watched.moved.join(', ')}`");
        Assert.Equal("", moved);
        Assert.Empty(await Page.EvaluateAsync<string[]>("() => watched.lost"));
    }

    /// <summary>Opens a URL of the service: <c>/#/archive</c>.</summary>
    public async Task GoAsync(string address = "/")
    {
        await Page.GotoAsync(new Uri(Service, address).ToString());
        await Page.WaitForLoadStateAsync(LoadState.NetworkIdle);
    }

    /// <summary>Limits the download rate of the page; -1 for no limit.</summary>
    public async Task SlowDownAsync(int bytesPerSecond)
    {
        _way ??= await _context.NewCDPSessionAsync(Page); // another session cannot undo this one's setting
        await _way.SendAsync("Network.enable");
        await _way.SendAsync("Network.emulateNetworkConditions",
            new() { ["offline"] = false, ["latency"] = 0, ["downloadThroughput"] = bytesPerSecond, ["uploadThroughput"] = -1 });
    }

    /// <summary>How long the page took, in the words of the browser.</summary>
    public Task<string> TimesAsync() => Page.EvaluateAsync<string>("""
        () => {
          const paint = performance.getEntriesByName('first-contentful-paint')[0]?.startTime ?? 0;
          const files = performance.getEntriesByType('resource');
          const modules = files.filter(r => r.name.includes('/page/'));
          const ends = list => Math.max(0, ...list.map(r => r.responseEnd)).toFixed(0);
          const bytes = files.reduce((sum, r) => sum + r.transferSize, 0);
          return `first paint after ${paint.toFixed(0)} ms, all modules after ${ends(modules)} ms, all data after ${ends(files)} ms, ${(bytes / 1024).toFixed(0)} KiB`;
        }
        """);

    public ILocator Button(string name) => Page.GetByRole(AriaRole.Button, new() { Name = name, Exact = true });

    /// <summary>Clicks, and returns the download: file name and bytes.</summary>
    public async Task<(string Name, byte[] Bytes)> DownloadAsync(ILocator click)
    {
        var download = await Page.RunAndWaitForDownloadAsync(() => click.ClickAsync());
        return (download.SuggestedFilename, await File.ReadAllBytesAsync(await download.PathAsync()));
    }

    public async ValueTask DisposeAsync() => await _context.DisposeAsync();
}
