using Relo.Core.Bytes;

namespace Relo.Conformance.Corpus;

/// <summary>A BPF object of the corpus.</summary>
/// <param name="Name">Folder and file, such as <c>libbpf-tools/runqslower.bpf.o</c> or <c>clang-14-v3/moved.bpf.o</c>.</param>
/// <param name="Path">The file.</param>
/// <param name="Bytes">Its content.</param>
public sealed record CorpusObject(string Name, string Path, byte[] Bytes)
{
    /// <summary>Byte 5 of an ELF file is EI_DATA; 2 means big-endian.</summary>
    public bool IsBigEndian => Bytes[5] == 2;

    /// <summary>All objects, each content once, with records or without.</summary>
    public static IReadOnlyList<CorpusObject> All { get; } =
        [.. Find("objects").Concat(Find("family")).DistinctBy(bpf => Digest.Of(bpf.Bytes))];

    /// <summary>
    /// Of the guard family, which has a comparison of its own, what GCC made and one build of the rest: these are compared with libbpf
    /// for each kernel, as all others are.
    /// </summary>
    public static IReadOnlyList<CorpusObject> Guards { get; } =
        [.. Find("guards").Where(bpf => bpf.Name.StartsWith("bpf-gcc-", StringComparison.Ordinal)
            || bpf.Name.StartsWith("clang-16-O2-v3/", StringComparison.Ordinal)).DistinctBy(bpf => Digest.Of(bpf.Bytes))];

    /// <summary>The big-endian ones, with the little-endian object built from the same source by the same compiler.</summary>
    public static IEnumerable<(CorpusObject Big, CorpusObject Little)> Twins()
    {
        // Of all, since two options may make the same bytes and only one of them is in the list of distinct objects.
        var byName = Find("family").ToDictionary(bpf => bpf.Name);
        foreach (var big in byName.Values.Where(bpf => bpf.IsBigEndian))
            if (byName.TryGetValue(big.Name.Replace("-be/", "-v3/", StringComparison.Ordinal), out var little)) yield return (big, little);
    }

    private static IEnumerable<CorpusObject> Find(string folder)
    {
        var root = System.IO.Path.Combine(Cache.Root, folder);
        if (!Directory.Exists(root)) return [];
        return Directory.EnumerateFiles(root, "*.bpf.o", SearchOption.AllDirectories)
            .Where(path => !System.IO.Path.GetFileName(path).StartsWith('.'))
            .Order(StringComparer.Ordinal)
            .Select(path => new CorpusObject(System.IO.Path.GetRelativePath(root, path), path, File.ReadAllBytes(path)));
    }
}
