namespace Relo.Api.Docs;

/// <summary>A page of the user guide.</summary>
/// <param name="Name">Name of its file without <c>.md</c>, and last segment of its address; <c>index</c> is the contents.</param>
/// <param name="Title">Text of its first heading.</param>
/// <param name="Markdown">Source.</param>
/// <param name="Html">Markup of the text.</param>
/// <param name="Sections">Headings of the second level: fragment and text.</param>
/// <param name="Links">Addresses that it links to, as they are in the markup.</param>
internal sealed record DocPage(
    string Name, string Title, string Markdown, string Html, IReadOnlyList<(string Id, string Text)> Sections, IReadOnlyList<string> Links)
{
    /// <summary>Name of the contents.</summary>
    public const string Index = "index";

    /// <summary>Path of its address.</summary>
    public string Address => Name == Index ? "/docs" : $"/docs/{Name}";
}
