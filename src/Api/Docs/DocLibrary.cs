namespace Relo.Api.Docs;

/// <summary>The pages of the user guide, <c>wwwroot/docs/*.md</c>, read on the first request.</summary>
internal sealed class DocLibrary(IWebHostEnvironment environment)
{
    private readonly Lazy<IReadOnlyList<DocPage>> _pages = new(() => Read(Path.Combine(environment.WebRootPath, "docs")));

    /// <summary>All pages: the contents, then the others in the order in which it names them.</summary>
    public IReadOnlyList<DocPage> Pages => _pages.Value;

    /// <summary>The page with this name; null if there is none.</summary>
    public DocPage? Find(string name) => Pages.FirstOrDefault(page => page.Name == name);

    private static List<DocPage> Read(string folder)
    {
        var pages = Directory.EnumerateFiles(folder, "*.md")
            .Select(file => DocReader.Read(Path.GetFileNameWithoutExtension(file), File.ReadAllText(file))).ToList();
        var named = pages.Single(page => page.Name == DocPage.Index).Links.Select(link => link.Split('#')[0]).Distinct().ToList();
        return [.. pages.OrderBy(page => page.Name == DocPage.Index ? -1 : named.IndexOf(page.Address))];
    }
}
