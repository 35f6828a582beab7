using Relo.Api.Tests.Fixtures;

namespace Relo.Browser.Fixtures;

/// <summary>
/// How a state of the page looks: pictures for people, under <c>tests/output/screenshots</c>, in four widths and both colour schemes, and
/// the checks a machine can do on each: no serious finding of axe-core, nothing wider than the window.
/// </summary>
internal static class Looks
{
    // Controls that are partly outside the window and cannot be scrolled into view.
    private const string Clipped = """
        () => [...document.querySelectorAll('a, button, input, select, summary')]
          .filter(e => e.checkVisibility({ opacityProperty: true, visibilityProperty: true }) && !e.closest('.scroll, .unseen, .swagger-ui'))
          .filter(e => { const r = e.getBoundingClientRect(); return r.width > 1 && (r.left < -1 || r.right > innerWidth + 1); })
          .map(e => `${e.tagName} ${e.id} ${e.textContent.trim().slice(0, 40)}`)
        """;

    private const int Phone = 360, Tablet = 768, Desktop = 1440, Wide = 1920;

    private static readonly string Folder =
        Directory.CreateDirectory(Path.Combine(Repository.Root, "tests", "output", "screenshots")).FullName;

    /// <summary>Takes the pictures and does the checks; leaves the window as it was.</summary>
    public static Task CheckAsync(Visit visit, string state) => CheckAsync(visit, state, Phone, Tablet, Desktop, Wide);

    /// <summary>The same for pages of long text, on a phone and a desktop only: their layout has one column.</summary>
    public static Task CheckTextAsync(Visit visit, string state) => CheckAsync(visit, state, Phone, Desktop);

    private static async Task CheckAsync(Visit visit, string state, params int[] widths)
    {
        var (page, before) = (visit.Page, visit.Page.ViewportSize!);
        var findings = new List<string>();
        foreach (var width in widths)
        {
            await page.SetViewportSizeAsync(width, 900);
            foreach (var scheme in new[] { ColorScheme.Light, ColorScheme.Dark })
            {
                await page.EmulateMediaAsync(new() { ColorScheme = scheme });
                // Swagger UI looks at the scheme only once
                await page.EvaluateAsync(
                    "dark => document.documentElement.classList.toggle('dark-mode', dark)", scheme == ColorScheme.Dark);
                // colours on their way are no colours of the page
                await page.EvaluateAsync(
                    "() => Promise.all(document.getAnimations().filter(a => a instanceof CSSTransition).map(a => a.finished.catch(() => {})))");
                var name = $"{state}-{width}-{scheme.ToString().ToLowerInvariant()}";
                findings.AddRange((await Axe.FindAsync(page)).Select(finding => $"{name}: {finding}"));
                var wide = await page.EvaluateAsync<int>("() => document.documentElement.scrollWidth");
                findings.AddRange(
                    (await page.EvaluateAsync<string[]>(Clipped)).Select(clipped => $"{name}: outside of the window: {clipped}"));
                if (wide > width) findings.Add($"{name}: the page is {wide} wide in a window of {width}");
                await page.ScreenshotAsync(new() { Path = Picture(name), FullPage = true });
            }
        }

        await page.EmulateMediaAsync(new() { ColorScheme = ColorScheme.Light });
        await page.SetViewportSizeAsync(before.Width, before.Height);
        Assert.True(findings.Count == 0, string.Join('\n', findings));
        visit.EndsWell();
    }

    /// <summary>The path of a picture.</summary>
    public static string Picture(string name) => Path.Combine(Folder, name + ".png");
}
