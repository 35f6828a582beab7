using System.Net;
using System.Text;
using Relo.Core.Bytes;

namespace Relo.Api.Http.Answers;

/// <summary>A page rendered on the server with the layout of the site: the header with its links, then <c>main</c>.</summary>
/// <param name="Title">Text of the title; the service's name follows it.</param>
/// <param name="Main">Markup inside <c>main</c>.</param>
/// <param name="BodyClass">Class of <c>body</c>, for the style sheets.</param>
/// <param name="Head">Further markup of <c>head</c>: style sheets and scripts of this kind of page.</param>
internal sealed record HtmlPage(string Title, string Main, string BodyClass, string Head = "")
{
    /// <summary>Media type of a page.</summary>
    public const string MediaType = "text/html; charset=utf-8";

    /// <summary>The whole document.</summary>
    public string Document => $$"""
        <!doctype html>
        <html lang="en">
        <head>
          <meta charset="utf-8">
          <meta name="viewport" content="width=device-width, initial-scale=1">
          <meta name="color-scheme" content="light dark">
          <title>{{Encode(Title)}} · Relo</title>
          <link rel="icon" href="/favicon.svg" type="image/svg+xml">
          <link rel="stylesheet" href="/app.css">
          {{Head}}
        </head>
        <body class="{{BodyClass}}">
          <a class="skip-link" href="#main">Skip to the text</a>
          <header>
            <a class="brand" href="/"><img src="/favicon.svg" alt="" width="24" height="24">Relo</a>
            <nav aria-label="Views" class="tabs">
              <a href="/#/relocate">One kernel</a>
              <a href="/#/many">Many kernels</a>
              <a href="/#/types">Types</a>
              <a href="/#/archive">Archive</a>
            </nav>
            <nav aria-label="More" class="more">
              <a href="/docs">Docs</a>
              <a href="/swagger/">API</a>
            </nav>
          </header>
          <main id="main">
        {{Main}}
          </main>
        </body>
        </html>

        """;

    /// <summary>The page with status 200, and its digest as ETag.</summary>
    public IResult ToResult() => Text(Document, MediaType);

    /// <summary>A page, or the source of one, with its digest as ETag.</summary>
    public static IResult Text(string text, string mediaType)
    {
        var bytes = Encoding.UTF8.GetBytes(text);
        return new Download(bytes, Digest.Of(bytes), mediaType, fileName: null, immutable: false);
    }

    /// <summary>Text as markup.</summary>
    public static string Encode(string text) => WebUtility.HtmlEncode(text);
}
