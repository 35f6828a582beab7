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
    private readonly Dictionary<string, BtfType?> _enums = new(StringComparer.Ordinal);
    private HelperTable? _helpers;

    // The most that the BTF of a kernel before 2026 can express.
    private const int MaxEnumerators = ushort.MaxValue;

    /// <summary>The typedef of a tracepoint that every kernel since 5.1 has.</summary>
    public const string ListedTracepoint = "btf_trace_sched_switch";

    /// <summary>A function that only kernels with support for modules have.</summary>
    public const string OfModules = "load_module";

    /// <summary>The kernel's helpers.</summary>
    public HelperTable Helpers => _helpers ??= HelperTable.Of(kernel.Own);

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

    /// <summary>The function or variable of this name in one module; null if it is not listed there.</summary>
    /// <param name="module">The module, or <see cref="KernelTypes.Vmlinux"/> for the kernel itself.</param>
    /// <param name="name">Its name.</param>
    public Found? SymbolIn(string module, string name)
    {
        var bytes = Encoding.UTF8.GetBytes(name);
        if (module == KernelTypes.Vmlinux) return kernel.Own.Symbols.Find(bytes) is { } own ? new(kernel.Own, own, null) : null;
        foreach (var one in kernel.Modules)
            if (one.Name == module && one.MayHave(bytes) && one.Types.Symbols.Find(bytes) is { } type) return new(one.Types, type, module);
        return null;
    }

    /// <summary>Whether the BTF of a module is known.</summary>
    public bool HasModule(string name) => kernel.Modules.Any(module => module.Name == name);

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

    /// <summary>The kernel's enum of this name; null if there is none.</summary>
    public BtfType? FindEnum(string name)
    {
        if (!_enums.TryGetValue(name, out var known))
            _enums.Add(name, known = kernel.Own.Find(BtfKind.Enum, Encoding.UTF8.GetBytes(name)));
        return known;
    }

    /// <summary>The value of an enumerator of the kernel's enum; null if there is none of this name.</summary>
    public ulong? FindValue(BtfType type, string name)
    {
        // Compared in place: a hostile BTF may list millions of long names.
        var bytes = Encoding.UTF8.GetBytes(name);
        for (var i = 0; i < Math.Min(type.Count, MaxEnumerators); i++)
            if (kernel.Own.Enumerator(type, i) is var one && kernel.Own.NameEquals(one.NameOffset, bytes)) return one.Value;
        return null;
    }
}
