using Markdig;
using Markdig.Syntax;

namespace Relo.Api.Tests.Fixtures;

/// <summary>A Markdown file that users or contributors read.</summary>
/// <param name="Path">From the top of the repository.</param>
internal sealed record DocFile(string Path)
{
    private const string NotRun = "norun";

    /// <summary>Those whose commands the tests run.</summary>
    public static IReadOnlyList<DocFile> WithCommands { get; } = [new("README.md"), .. Pages()];

    /// <summary>All of them.</summary>
    public static IReadOnlyList<DocFile> All { get; } =
        [.. WithCommands, new("src/README.md"), new("tests/README.md"), new("wwwroot/samples/README.md")];

    /// <summary>Its text.</summary>
    public string Text => File.ReadAllText(System.IO.Path.Combine(Repository.Root, Path));

    /// <summary>Its fenced blocks.</summary>
    public IEnumerable<CodeBlock> Blocks()
    {
        Block? before = null;
        foreach (var block in Markdown.Parse(Text))
        {
            if (block is FencedCodeBlock code)
            {
                var words = (code.Arguments ?? "").Split(' ', StringSplitOptions.RemoveEmptyEntries);
                var comment = before is HtmlBlock html ? html.Lines.ToString() : "";
                yield return new(
                    $"{Path}:{block.Line + 1}", code.Info ?? "", words, words.Contains(NotRun), comment, code.Lines.ToString());
            }

            before = block;
        }
    }

    private static IEnumerable<DocFile> Pages()
        => Directory.EnumerateFiles(System.IO.Path.Combine(Repository.Root, "wwwroot", "docs"), "*.md").Order(StringComparer.Ordinal)
            .Select(file => new DocFile("wwwroot/docs/" + System.IO.Path.GetFileName(file)));
}
