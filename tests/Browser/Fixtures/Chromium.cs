// The page shows /metrics, which counts for the whole process: one service at a time.
[assembly: Xunit.v3.Parallelization(Mode = Xunit.Sdk.ParallelMode.None)]
[assembly: AssemblyFixture(typeof(Relo.Browser.Fixtures.Chromium))]

namespace Relo.Browser.Fixtures;

/// <summary>Debian's Chromium, started once for all tests; they are skipped if it is not installed.</summary>
public sealed class Chromium : IAsyncLifetime
{
    private const string Path = "/usr/bin/chromium";
    private IPlaywright? _playwright;
    private IBrowser? _browser;

    /// <summary>The browser; skips the test without one.</summary>
    public IBrowser Browser
    {
        get
        {
            Assert.SkipWhen(_browser is null, $"there is no {Path}");
            return _browser!;
        }
    }

    public async ValueTask InitializeAsync()
    {
        if (!File.Exists(Path)) return;
        Assertions.SetDefaultExpectTimeout(60_000); // the machine may be busy
        _playwright = await Playwright.CreateAsync();
        _browser = await LaunchAsync();
    }

    /// <summary>Starts another one, with further arguments; skips the test without one.</summary>
    public Task<IBrowser> LaunchAsync(params string[] arguments)
    {
        Assert.SkipWhen(_playwright is null, $"there is no {Path}");
        return _playwright!.Chromium.LaunchAsync(new()
        {
            ExecutablePath = Path,
            Args = ["--no-sandbox", "--disable-dev-shm-usage", .. arguments], // the tests run as root, in containers with a small /dev/shm
            Timeout = 120_000,
        });
    }

    public async ValueTask DisposeAsync()
    {
        if (_browser is not null) await _browser.DisposeAsync();
        _playwright?.Dispose();
    }
}
