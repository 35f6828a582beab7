using System.Text.RegularExpressions;

namespace Relo.Conformance.Corpus;

/// <summary>A kernel's BTF in the cache: <c>kernels/&lt;distro&gt;/&lt;version&gt;/&lt;architecture&gt;/&lt;release&gt;.btf</c>.</summary>
/// <param name="Id">The path below <c>kernels</c>, without the extension.</param>
/// <param name="Path">The file.</param>
public sealed partial record Kernel(string Id, string Path)
{
    public string Architecture => Id.Split('/')[2] is var name && name == "aarch64" ? "arm64" : name;

    /// <summary>Major and minor version: the line a kernel belongs to.</summary>
    public string Line => Version().Match(Id.Split('/')[^1]).Value;

    public static IReadOnlyList<Kernel> All { get; } = Find();

    private static Kernel[] Find()
    {
        var root = System.IO.Path.Combine(Cache.Root, "kernels");
        return !Directory.Exists(root) ? [] :
        [
            .. Directory.EnumerateFiles(root, "*.btf", SearchOption.AllDirectories)
                .Select(path => new Kernel(System.IO.Path.ChangeExtension(System.IO.Path.GetRelativePath(root, path), null), path))
                .OrderBy(kernel => kernel.Id, StringComparer.Ordinal),
        ];
    }

    [GeneratedRegex(@"^\d+\.\d+")]
    private static partial Regex Version();
}
