using Relo.Api.Tests.Fixtures;
using Relo.Browser.Fixtures;

namespace Relo.Browser;

/// <summary>The picture of README.md: the report of the sample. RELO_UPDATE_PICTURE=1 updates it.</summary>
public sealed class PictureTests(Chromium chromium, Service service) : IClassFixture<Service>
{
    private const string Update = "RELO_UPDATE_PICTURE";
    private static readonly string Committed = Path.Combine(Repository.Root, "wwwroot", "docs", "report.png");

    [Fact]
    public async Task Picture_shows_the_verdict_what_moved_and_the_struct()
    {
        await using var visit = await Visit.BeginAsync(chromium, service.Http.BaseAddress!, width: 1200);
        var page = visit.Page;
        await visit.GoAsync($"/#/relocate?object=sample&kernel={Samples.NewKernel}");
        await Assertions.Expect(page.Locator(".badge")).ToHaveTextAsync("guarded");
        await page.Locator(".command").EvaluateAsync("details => { details.open = false; }");
        var (verdict, layouts) =
            ((await page.Locator(".verdict").BoundingBoxAsync())!, (await page.Locator(".layout").First.BoundingBoxAsync())!);
        Assert.InRange(layouts.Y + layouts.Height - verdict.Y, 300, 1400);
        var clip = new Clip { X = 0, Y = verdict.Y - 12, Width = 1200, Height = layouts.Y + layouts.Height - verdict.Y + 20 };
        var picture = await page.ScreenshotAsync(new() { FullPage = true, Clip = clip });
        if (Environment.GetEnvironmentVariable(Update) == "1") await File.WriteAllBytesAsync(Committed, picture);
        Assert.InRange(new FileInfo(Committed).Length, 10_000, 300_000);
        visit.EndsWell();
    }
}
