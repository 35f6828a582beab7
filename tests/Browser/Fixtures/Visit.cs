using System.Collections.Concurrent;

namespace Relo.Browser.Fixtures;

/// <summary>
/// A visitor with a separate browser window. Console messages and exceptions of the page are recorded: a visit that ends with
/// any of it, but for the answers that a test expects to be problems, has failed.
/// </summary>
internal sealed class Visit : IAsyncDisposable
{
    private const float Patience = 60_000; // of each step; the machine may be busy
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

    public ILocator Button(string name) => Page.GetByRole(AriaRole.Button, new() { Name = name, Exact = true });

    /// <summary>Clicks, and returns the download: file name and bytes.</summary>
    public async Task<(string Name, byte[] Bytes)> DownloadAsync(ILocator click)
    {
        var download = await Page.RunAndWaitForDownloadAsync(() => click.ClickAsync());
        return (download.SuggestedFilename, await File.ReadAllBytesAsync(await download.PathAsync()));
    }

    public async ValueTask DisposeAsync() => await _context.DisposeAsync();
}
