namespace Relo.Benchmarks;

/// <summary>A kernel of the corpus.</summary>
/// <param name="Id"><c>distro/version/arch/release</c>.</param>
/// <param name="Path">Its raw BTF.</param>
internal sealed record CorpusKernel(string Id, string Path);

/// <summary>The real objects and kernels that <c>tests/corpus/make</c> left in <c>RELO_CACHE</c> (<c>~/.cache/relo</c>).</summary>
internal static class Corpus
{
    /// <summary>Its path.</summary>
    public static string Root { get; } = Environment.GetEnvironmentVariable("RELO_CACHE")
        ?? Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".cache", "relo");

    /// <summary>The object of a tool of libbpf-tools.</summary>
    public static string Object(string tool) =>
        Directory.EnumerateFiles(Path.Combine(Root, "objects", "libbpf-tools"), $"{tool}*.o").Order(StringComparer.Ordinal).FirstOrDefault()
            ?? throw Missing(tool);

    /// <summary>Objects of libbpf-tools, smallest names first, of at most 64 KiB.</summary>
    public static IEnumerable<string> SmallObjects => Directory.EnumerateFiles(Path.Combine(Root, "objects", "libbpf-tools"), "*.o")
        .Where(path => new FileInfo(path).Length <= 64 * 1024).Order(StringComparer.Ordinal);

    /// <summary>All kernels.</summary>
    public static IEnumerable<CorpusKernel> Kernels
    {
        get
        {
            var folder = Path.Combine(Root, "kernels");
            return Directory.EnumerateFiles(folder, "*.btf", SearchOption.AllDirectories)
                .Select(path => new CorpusKernel(Path.ChangeExtension(Path.GetRelativePath(folder, path), null), path))
                .Where(kernel => kernel.Id.Split('/') is { Length: 4 }).OrderBy(kernel => kernel.Id, StringComparer.Ordinal);
        }
    }

    /// <summary>The kernel with this id or, if mirrors no longer have it, the nearest one of the same line.</summary>
    public static CorpusKernel Kernel(string id) => FindKernel(id) ?? throw Missing(id);

    /// <summary>The same, or null where there is none.</summary>
    public static CorpusKernel? FindKernel(string id) => Kernels.FirstOrDefault(kernel => kernel.Id == id)
        ?? Kernels.LastOrDefault(kernel => kernel.Id.StartsWith(id[..(id.LastIndexOf('/') + 4)], StringComparison.Ordinal));

    private static FileNotFoundException Missing(string what) => new($"{Root} has no {what}: run tests/corpus/make");
}
