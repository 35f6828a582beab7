using Relo.Api.Http.Answers;
using Relo.Api.Http.Problems;

namespace Relo.Api.Docs;

/// <summary>
/// The user guide, for browsers as pages and for others as Markdown.
/// <code>curl -H 'Accept: text/markdown' http://localhost:8080/docs/relocate</code>
/// </summary>
internal static class DocRoute
{
    /// <summary>Media type of the sources.</summary>
    public const string Markdown = "text/markdown";

    private const string Head = """<link rel="stylesheet" href="/docs/docs.css"><script type="module" src="/docs/docs.js"></script>""";

    /// <summary>Shows the contents.</summary>
    public static IResult Contents(HttpContext http, DocLibrary library) => Answer(library.Find(DocPage.Index)!, http, library);

    /// <summary>Shows a page.</summary>
    public static IResult Page(string page, HttpContext http, DocLibrary library)
    {
        if (library.Find(page) is { } found) return Answer(found, http, library);
        var isBrowser = http.Request.Headers.Accept.ToString().Contains("text/html", StringComparison.Ordinal);
        return isBrowser && OfferedForms.Chosen(http) != Markdown
            ? Missing(page, library)
            : new Problem(ProblemKinds.NotFound, $"the guide has no page '{page}'; GET /docs lists its pages");
    }

    private static IResult Answer(DocPage page, HttpContext http, DocLibrary library) => OfferedForms.Chosen(http) == Markdown
        ? HtmlPage.Text(page.Markdown, $"{Markdown}; charset=utf-8")
        : new HtmlPage(page.Title, Layout(page.Html, page, library), "docs", Head).ToResult();

    private static IResult Missing(string page, DocLibrary library)
    {
        var text = $"<h1>No such page</h1><p>The guide has no page <code>{HtmlPage.Encode(page)}</code>. "
            + "<a href='/docs'>See its contents.</a></p>";
        var html = new HtmlPage("No such page", Layout(text, null, library), "docs", Head).Document;
        return Results.Content(html, HtmlPage.MediaType, statusCode: StatusCodes.Status404NotFound);
    }

    // The contents are open if there is room beside the text (docs.css), and closed at first otherwise.
    private static string Layout(string text, DocPage? shown, DocLibrary library) => $"""
            <aside>
              <form role="search" action="/docs">
                <label for="search">Search the docs</label>
                <input id="search" type="search" autocomplete="off" spellcheck="false" placeholder="Press / to search">
                <p id="found" role="status"></p>
                <ol id="results" hidden></ol>
              </form>
              <details>
                <summary>Contents</summary>
                <nav aria-label="Docs"><ul>{string.Concat(library.Pages.Select(page => Entry(page, shown)))}</ul></nav>
              </details>
            </aside>
            <article>
            {text}
            </article>
        """;

    private static string Entry(DocPage page, DocPage? shown)
    {
        if (page != shown) return $"<li><a href=\"{page.Address}\">{HtmlPage.Encode(page.Title)}</a></li>";
        var sections = string.Concat(
            page.Sections.Select(section => $"<li><a href=\"#{section.Id}\">{HtmlPage.Encode(section.Text)}</a></li>"));
        return $"<li><a href=\"{page.Address}\" aria-current=\"page\">{HtmlPage.Encode(page.Title)}</a><ul>{sections}</ul></li>";
    }
}
