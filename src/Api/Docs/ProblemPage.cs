using System.Net.Mime;
using Relo.Api.Http.Answers;
using Relo.Api.Http.Problems;

namespace Relo.Api.Docs;

/// <summary>
/// Explains a problem code: the page that the <c>type</c> member of every problem links to.
/// <code>curl http://localhost:8080/problems/kernel-not-found</code>
/// </summary>
internal static class ProblemPage
{
    /// <summary>Lists every problem code.</summary>
    public static IResult List(HttpContext http) => OfferedForms.Chosen(http) switch
    {
        MediaTypeNames.Text.Html => Html("Problems", $"<ul>{string.Concat(ProblemKinds.All.Select(Entry))}</ul>"),
        _ => Answer.Ok(ProblemKinds.All),
    };

    /// <summary>Explains a problem code.</summary>
    /// <param name="code">The <c>code</c> of a problem.</param>
    /// <param name="http">The request.</param>
    public static IResult Get(string code, HttpContext http)
    {
        if (ProblemKinds.Find(code) is not { } kind)
            return new Problem(ProblemKinds.NotFound, $"'{code}' is not a problem code of this service; GET /problems lists the codes");
        return OfferedForms.Chosen(http) switch
        {
            MediaTypeNames.Text.Html => Html(kind.Title, $"""
                <p><code>{kind.Code}</code> · HTTP {kind.Status}</p>
                <h2>What happened</h2><p>{HtmlPage.Encode(kind.Meaning)}</p>
                <h2>What to do</h2><p>{HtmlPage.Encode(kind.Remedy)}</p>
                <p><a href='/problems'>All problem codes</a></p>
                """),
            _ => Answer.Ok(kind),
        };
    }

    private static string Entry(ProblemKind kind)
        => $"<li><a href='{kind.Type}'><code>{kind.Code}</code></a> {kind.Status} {HtmlPage.Encode(kind.Title)}</li>";

    private static IResult Html(string title, string body)
    {
        var more = "<p>More about errors: <a href='/docs/troubleshooting'>Troubleshooting</a></p>";
        return new HtmlPage(title, $"<h1>{HtmlPage.Encode(title)}</h1>{body}{more}", "prose").ToResult();
    }
}
