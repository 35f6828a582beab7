using Relo.Api.Tests.Fixtures;
using Relo.Browser.Fixtures;

namespace Relo.Browser;

/// <summary>The picture of README.md: the report of the sample. RELO_UPDATE_PICTURE=1 updates it.</summary>
public sealed class PictureTests(Chromium chromium, Service service) : IClassFixture<Service>
{
    private const string Update = "RELO_UPDATE_PICTURE";
    private static readonly string Committed = Path.Combine(Repository.Root, "wwwroot", "docs", "report.png");

    [Fact]
    public async Task Picture_shows_the_verdict_what_moved_and_the_code()
    {
        await using var visit = await Visit.BeginAsync(chromium, service.Http.BaseAddress!, width: 1200);
        var page = visit.Page;
        await visit.GoAsync($"/#/relocate?object=sample&kernel={Samples.NewKernel}");
        await Assertions.Expect(page.Locator(".bar-verdict")).ToContainTextAsync("Guarded");
        var (bar, program) = ((await page.Locator(".bar").BoundingBoxAsync())!, (await page.Locator(".program").Nth(1).BoundingBoxAsync())!);
        Assert.InRange(program.Y + program.Height - bar.Y, 300, 2000);
        var clip = new Clip { X = 0, Y = bar.Y, Width = 1200, Height = Math.Min(1100, program.Y + program.Height - bar.Y + 20) };
        var picture = await page.ScreenshotAsync(new() { FullPage = true, Clip = clip });
        if (Environment.GetEnvironmentVariable(Update) == "1") await File.WriteAllBytesAsync(Committed, picture);
        Assert.InRange(new FileInfo(Committed).Length, 10_000, 300_000);
        visit.EndsWell();
    }
}
