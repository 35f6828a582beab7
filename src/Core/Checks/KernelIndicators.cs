using System.Text;
using Relo.Core.Btf;
using Relo.Core.Reachability;
using Relo.Core.Relocation;

namespace Relo.Core.Checks;

/// <summary>Looks up types, functions and variables in a kernel's BTF, and then in that of its modules.</summary>
/// <param name="kernel">The kernel's types.</param>
internal sealed class KernelIndicators(KernelTypes kernel)
{
    private readonly KernelSymbols _symbols = new(kernel);
    private readonly Dictionary<string, Dictionary<string, ulong>?> _enums = new(StringComparer.Ordinal);

    /// <summary>The typedef of a tracepoint that every kernel since 5.1 has.</summary>
    public const string ListedTracepoint = "btf_trace_sched_switch";

    /// <summary>A function that only kernels with support for modules have.</summary>
    public const string OfModules = "load_module";

    /// <summary>The kernel's own types.</summary>
    public BtfTypes Kernel => kernel.Own;

    /// <summary>Whether the BTF lists functions; BTF made from debug information may not.</summary>
    public bool ListsFunctions => _symbols.ListsFunctions;

    /// <summary>Whether the BTF lists variables.</summary>
    public bool ListsVariables => _symbols.ListsVariables;

    /// <summary>Whether the BTF lists tracepoints: kernels since 5.1 have a typedef for each, and every kernel has this one.</summary>
    public bool ListsTracepoints => kernel.Own.Find(BtfKind.Typedef, Encoding.UTF8.GetBytes(ListedTracepoint)) is not null;

    /// <summary>
    /// Whether everything that the kernel can load is known: some of its modules are, or it takes none (CONFIG_MODULES compiles
    /// load_module).
    /// </summary>
    public bool KnowsModules =>
        (ListsFunctions && kernel.Own.Symbols.Find(Encoding.UTF8.GetBytes(OfModules)) is null) || kernel.Modules.Any();

    /// <summary>The function or variable of this name; null if none is listed.</summary>
    public Found? Symbol(string name) => _symbols.Find(name) is { } found ? new(found.Types, found.Type, found.Module) : null;

    /// <summary>The number of places where a function was inlined; 0 if none is known.</summary>
    /// <param name="function">Its name.</param>
    /// <param name="module">Its module; null for the kernel itself.</param>
    public int InlineSitesOf(string function, string? module) =>
        kernel.InlineSites(module ?? KernelTypes.Vmlinux)?.InlineSites.Count(Encoding.UTF8.GetBytes(function)) ?? 0;

    /// <summary>The type of this kind and name; null if there is none.</summary>
    /// <param name="kind">The kind.</param>
    /// <param name="name">The name.</param>
    /// <param name="inModules">Whether to look into modules; enumerating them costs.</param>
    public Found? Type(BtfKind kind, string name, bool inModules = true)
    {
        var bytes = Encoding.UTF8.GetBytes(name);
        if (kernel.Own.Find(kind, bytes) is { } own) return new(kernel.Own, own, null);
        foreach (var module in inModules ? kernel.Modules : [])
            if (module.MayHave(bytes) && module.Types.Find(kind, bytes) is { } type) return new(module.Types, type, module.Name);
        return null;
    }

    /// <summary>The enumerators of an enum; null if the kernel has no enum of this name.</summary>
    public IReadOnlyDictionary<string, ulong>? Enumerators(string name)
    {
        if (!_enums.TryGetValue(name, out var known)) _enums.Add(name, known = Read(name));
        return known;
    }

    private Dictionary<string, ulong>? Read(string name)
    {
        if (kernel.Own.Find(BtfKind.Enum, Encoding.UTF8.GetBytes(name)) is not { } type) return null;
        var all = new Dictionary<string, ulong>(StringComparer.Ordinal);
        for (var i = 0; i < type.Count; i++)
            if (kernel.Own.Enumerator(type, i) is var one) all.TryAdd(kernel.Own.NameText(one.NameOffset), one.Value);
        return all;
    }
}
