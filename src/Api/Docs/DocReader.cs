using Markdig;
using Markdig.Extensions.AutoIdentifiers;
using Markdig.Extensions.Tables;
using Markdig.Renderers.Html;
using Markdig.Syntax;
using Markdig.Syntax.Inlines;

namespace Relo.Api.Docs;

/// <summary>
/// Renders a page from Markdown. Links and headings have the same addresses as on GitHub, so that the files can be read there too.
/// </summary>
internal static class DocReader
{
    private static readonly Uri Folder = new("http://here/docs/");

    private static readonly MarkdownPipeline Pipeline
        = new MarkdownPipelineBuilder().UsePipeTables().UseAutoIdentifiers(AutoIdentifierOptions.GitHub).Build();

    /// <summary>Reads a page.</summary>
    /// <param name="name">Name of the file without <c>.md</c>.</param>
    /// <param name="markdown">Its text.</param>
    public static DocPage Read(string name, string markdown)
    {
        var document = Markdown.Parse(markdown, Pipeline);
        var links = document.Descendants<LinkInline>().ToList();
        foreach (var link in links) link.Url = Absolute(link.Url!);
        foreach (var table in document.Descendants<Table>()) Prepare(table);

        var headings = document.Descendants<HeadingBlock>().ToList();
        var title = Text(headings.Single(heading => heading.Level == 1).Inline!);
        var sections = headings.Where(heading => heading.Level == 2)
            .Select(heading => (heading.GetAttributes().Id!, Text(heading.Inline!))).ToList();
        foreach (var heading in headings.Where(heading => heading.Level > 1)) AddAnchor(heading);

        return new(name, title, markdown, Html(document), sections, links.ConvertAll(link => link.Url!));
    }

    // archive.md#fill → /docs/archive#fill; ../fetch.sh → /fetch.sh
    private static string Absolute(string url)
    {
        if (url.StartsWith('#') || Uri.TryCreate(url, UriKind.Absolute, out _)) return url;
        var target = new Uri(Folder, url);
        var path = target.AbsolutePath;
        if (path.StartsWith("/docs/", StringComparison.Ordinal) && path.EndsWith(".md", StringComparison.Ordinal)) path = path[..^3];
        return (path == "/docs/" + DocPage.Index ? "/docs" : path) + target.Fragment;
    }

    // Each cell has the heading of its column, for windows too narrow for columns.
    // Alignment is a class: the policy of the site allows no style attributes.
    private static void Prepare(Table table)
    {
        var rows = table.OfType<TableRow>().ToList();
        for (var column = 0; column < table.ColumnDefinitions.Count; column++)
        {
            var isNumber = table.ColumnDefinitions[column].Alignment == TableColumnAlign.Right;
            table.ColumnDefinitions[column].Alignment = null;
            var label = Text(rows[0][column]);
            foreach (var cell in rows.Where(row => column < row.Count).Select(row => row[column].GetAttributes()))
            {
                if (isNumber) cell.AddClass("number");
                if (label.Length > 0) cell.AddProperty("data-label", label);
            }
        }
    }

    private static void AddAnchor(HeadingBlock heading)
    {
        var anchor = new LinkInline($"#{heading.GetAttributes().Id}", "");
        anchor.AppendChild(new LiteralInline("#"));
        anchor.GetAttributes().AddClass("anchor");
        anchor.GetAttributes().AddProperty("aria-label", $"Link to {Text(heading.Inline!)}");
        heading.Inline!.AppendChild(anchor);
    }

    // Wide blocks scroll on their own, also by keyboard.
    private static string Html(MarkdownDocument document) => document.ToHtml(Pipeline)
        .Replace("<pre>", "<pre tabindex=\"0\">", StringComparison.Ordinal)
        .Replace("<table>", "<div class=\"scroll\" tabindex=\"0\"><table>", StringComparison.Ordinal)
        .Replace("</table>", "</table></div>", StringComparison.Ordinal);

    private static string Text(MarkdownObject part) => string.Concat(part.Descendants().Select(inline => inline switch
    {
        LiteralInline literal => literal.Content.ToString(),
        CodeInline code => code.Content,
        _ => "",
    }));
}
