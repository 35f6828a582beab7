using Relo.Core.Bpf;
using Relo.Core.Btf;
using Relo.Core.Bytes;

namespace Relo.Core.Checks;

/// <summary>What a kernel offers to BPF programs, as far as its own BTF shows it; without its modules.</summary>
/// <param name="Helpers">Helper functions.</param>
/// <param name="MapTypes">Map types.</param>
/// <param name="ProgramTypes">Program types.</param>
/// <param name="AttachTypes">Attach types.</param>
/// <param name="Kfuncs">Kernel functions that programs may call.</param>
/// <param name="Tracepoints">Tracepoints, for <c>tp_btf</c> and <c>raw_tp</c>.</param>
/// <param name="LsmHooks">Hooks of Linux security modules.</param>
/// <param name="Iterators">Iterators.</param>
/// <param name="StructOps">Structs of functions that programs may implement.</param>
/// <param name="Unknown">Lists that are empty because this BTF cannot show them, and why.</param>
public sealed record KernelFeatures(
    IReadOnlyList<Feature> Helpers,
    IReadOnlyList<Feature> MapTypes,
    IReadOnlyList<Feature> ProgramTypes,
    IReadOnlyList<Feature> AttachTypes,
    IReadOnlyList<Feature> Kfuncs,
    IReadOnlyList<Feature> Tracepoints,
    IReadOnlyList<Feature> LsmHooks,
    IReadOnlyList<Feature> Iterators,
    IReadOnlyList<Feature> StructOps,
    IReadOnlyList<string> Unknown)
{
    /// <summary>Reads the features from the kernel's BTF.</summary>
    /// <param name="kernel">The kernel's own types.</param>
    /// <param name="cancellation">Cancels the call.</param>
    /// <exception cref="MalformedObjectException">
    /// <c>invalid-btf</c>: their names overlap and are far longer than those of any kernel.
    /// </exception>
    /// <exception cref="OperationCanceledException">It was cancelled.</exception>
    public static KernelFeatures Of(BtfTypes kernel, CancellationToken cancellation = default)
    {
        var names = new FeatureNames(kernel);
        var named = NamedFeatures.Of(kernel, names, cancellation);
        return new(
            Enumerators("bpf_func_id", "BPF_FUNC_", Helper), Enumerators("bpf_map_type", "BPF_MAP_TYPE_", Kebab),
            Enumerators("bpf_prog_type", "BPF_PROG_TYPE_", Kebab), Enumerators("bpf_attach_type", "BPF_", AsItIs),
            named.Kfuncs, named.Tracepoints, named.LsmHooks, named.Iterators, named.StructOps, [.. Hidden(kernel, named)]);

        List<Feature> Enumerators(string name, string prefix, Func<string, int, Feature> make) =>
            EnumeratorsOf(kernel, names, name, prefix, make);
    }

    private static IEnumerable<string> Hidden(BtfTypes kernel, NamedFeatures named)
    {
        foreach (var name in (string[])["bpf_func_id", "bpf_map_type", "bpf_prog_type", "bpf_attach_type"])
            if (kernel.Find(BtfKind.Enum, System.Text.Encoding.UTF8.GetBytes(name)) is null) yield return $"there is no enum {name}";
        if (!kernel.Symbols.HasFunctions) yield return "lsmHooks, iterators: this BTF lists no functions";
        if (named.Kfuncs.Count == 0)
            yield return "kfuncs: this BTF marks none (tags bpf_kfunc, by pahole 1.26 and later for Linux 6.10 and later)";
        if (named.Tracepoints.Count == 0) yield return "tracepoints: this BTF lists none (typedefs btf_trace_*, since Linux 5.1)";
    }

    private static List<Feature> EnumeratorsOf(
        BtfTypes kernel, FeatureNames names, string name, string prefix, Func<string, int, Feature> make)
    {
        var found = new List<Feature>();
        if (kernel.Find(BtfKind.Enum, System.Text.Encoding.UTF8.GetBytes(name)) is not { } type) return found;
        var start = System.Text.Encoding.UTF8.GetBytes(prefix);
        for (var i = 0; i < type.Count; i++)
        {
            var one = kernel.Enumerator(type, i);
            if (!kernel.NameStartsWith(one.NameOffset, start)) continue;
            var text = names.Text(one.NameOffset);
            // A deprecated name is followed by the one with the same number.
            if (text.EndsWith("_UNSPEC", StringComparison.OrdinalIgnoreCase) || text.EndsWith("_DEPRECATED", StringComparison.Ordinal))
                continue;
            var number = (int)one.Value;
            found.Add(make(text[prefix.Length..], number) with { Evidence = $"enum {name}: {text} = {number}" });
        }

        return found;
    }

    // A vendor's own helper has a number that is another helper upstream, or none.
    private static Feature Helper(string name, int number) =>
        new("bpf_" + name, "", HelperNames.Of(number) == name ? HelperNames.Since(number) : null);

    private static Feature Kebab(string name, int number) => new(name.ToLowerInvariant().Replace('_', '-'), "");

    private static Feature AsItIs(string name, int number) => new("BPF_" + name, "");
}
