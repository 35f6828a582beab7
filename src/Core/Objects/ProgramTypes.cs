namespace Relo.Core.Objects;

/// <summary>Program types by libbpf's section-name rules (libbpf.c: section_defs, sec_def_matches).</summary>
public static class ProgramTypes
{
    // The kernel keeps attach points of these as ids of its own BTF types, and the verifier takes no others: libbpf.c,
    // prog_needs_vmlinux_btf. A freplace program ("ext") attaches by the BTF of the program it replaces a function of.
    private static readonly HashSet<string> AttachedThroughKernelBtf = ["tracing", "lsm", "struct-ops"];

    private static readonly ProgramType Unknown = new("unknown", false);

    // libbpf walks a list and takes the first match. Two look-ups have the same result: no name is in it twice, and no name that may
    // be followed by "/…" ("kprobe+" in libbpf's list) contains a slash itself.
    private static readonly Dictionary<string, ProgramType> Whole = Index(SectionNames.Whole);
    private static readonly Dictionary<string, ProgramType> Stems = Index(SectionNames.Stems);

    /// <summary>The type of the program in an ELF section.</summary>
    /// <param name="section">Name of the section. A leading <c>?</c> only means "do not load by default" and is ignored.</param>
    public static ProgramType Find(string section)
    {
        var name = section.StartsWith('?') ? section[1..] : section;
        if (Whole.TryGetValue(name, out var type))
            return type;
        var slash = name.IndexOf('/', StringComparison.Ordinal);
        return Stems.GetValueOrDefault(slash < 0 ? name : name[..slash], Unknown);
    }

    private static Dictionary<string, ProgramType> Index(IEnumerable<(string Type, string Sections)> rules) =>
        rules.SelectMany(rule =>
        {
            var type = new ProgramType(rule.Type, AttachedThroughKernelBtf.Contains(rule.Type));
            return rule.Sections.Split(' ').Select(section => KeyValuePair.Create(section, type));
        }).ToDictionary();
}
