namespace Relo.Conformance.Corpus;

/// <summary>Objects of the guard family: <c>guards/&lt;compiler&gt;-&lt;options&gt;/&lt;file&gt;.bpf.o</c>.</summary>
public static class GuardObject
{
    /// <summary>The configuration that kconfig.bpf.c reads, set so that its guards open; no kernel has these names.</summary>
    private const string OpenConfiguration = "CONFIG_RELO_SWITCH=y;CONFIG_RELO_THREE=m;CONFIG_RELO_NUMBER=250;CONFIG_RELO_TEXT=\"yes\"";

    /// <summary>Folders of the family, a compiler with its options each.</summary>
    public static IReadOnlyList<string> Builds { get; } = Directory.Exists(Root)
        ? [.. Directory.EnumerateDirectories(Root).Select(folder => Path.GetFileName(folder)!).Order(StringComparer.Ordinal)]
        : [];

    private static string Root => Path.Combine(Cache.Root, "guards");

    /// <summary>The objects of a build.</summary>
    public static IEnumerable<CorpusObject> Of(string build) => Directory.EnumerateFiles(Path.Combine(Root, build), "*.bpf.o")
        .Where(path => !Path.GetFileName(path).StartsWith('.'))
        .Order(StringComparer.Ordinal)
        .Select(path => new CorpusObject($"{build}/{Path.GetFileName(path)}", path, File.ReadAllBytes(path)));

    /// <summary>
    /// Configurations to load the object with besides the running kernel's own: values that BTF does not contain are tried both ways.
    /// </summary>
    public static IEnumerable<string> ConfigurationsOf(CorpusObject bpf) =>
        bpf.Name.EndsWith("/kconfig.bpf.o", StringComparison.Ordinal) ? [OpenConfiguration] : [];
}
