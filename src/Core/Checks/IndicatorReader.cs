using System.Text;
using Relo.Core.Btf;
using Relo.Core.Objects;
using Relo.Core.Reachability;
using Relo.Core.Relocation;

namespace Relo.Core.Checks;

/// <summary>Reads the indicator of a need from a kernel's BTF: its status, and the evidence in words.</summary>
/// <param name="bpf">The object.</param>
/// <param name="kernel">The kernel's BTF.</param>
/// <param name="version">The version of the kernel, if known.</param>
/// <param name="reads">What the programs read of their context; without it, that is not compared.</param>
/// <param name="cancellation">Cancels the work.</param>
internal sealed class IndicatorReader(
    BpfObject bpf, KernelIndicators kernel, KernelVersion? version, ContextReads? reads = null, CancellationToken cancellation = default)
{
    // The largest struct of the kernel has a few hundred members.
    private const int MaxMembers = 1024;

    private const string NeededByKprobe = "a kprobe needs only a symbol, which /proc/kallsyms may have";
    private const string NeededByEvent = "the tracepoint needs only the system call, whose function may have another name";

    /// <summary>The prefix of the typedef for a tracepoint; the name of the tracepoint follows.</summary>
    public const string TracepointPrefix = "btf_trace_";

    /// <summary>The prefix of the struct that registers a struct of functions; its name follows.</summary>
    public const string OperationsPrefix = "bpf_struct_ops_";

    private readonly TracepointUse _use = new(bpf, kernel, reads ?? ContextReads.None, cancellation);

    public (CheckStatus Status, string Evidence) Read(Need need) => need.Indicator switch
    {
        Indicator.Helper wanted => Helper(wanted, need.Name),
        Indicator.Enumerator wanted => Enumerator(wanted),
        Indicator.Kfunc wanted => Typed(wanted.Name, isFunction: true, wanted.LocalType),
        Indicator.Variable wanted => Typed(wanted.Name, isFunction: false, wanted.LocalType),
        Indicator.Symbol wanted => kernel.Symbol(wanted.Name) is { } found
            ? Present($"{Kind(found)} {wanted.Name} in {found.Place}")
            : Unknown("not in BTF; the loader looks in /proc/kallsyms"),
        Indicator.Function wanted => Function(wanted),
        Indicator.Probed wanted => Probed([wanted.Name], NeededByKprobe),
        Indicator.Syscall wanted => Probed(wanted.Functions, wanted.IsEvent ? NeededByEvent : NeededByKprobe),
        Indicator.Tracepoint wanted => Tracepoint(wanted.Name, typedef => _use.MissingArgument(typedef, need.Programs)),
        // Kernels before 5.1 list no tracepoints, and have the records.
        Indicator.Record wanted => _use.MovedField(wanted.Name, need.Programs) is { } moved
            ? Changed(moved)
            : Tracepoint(wanted.Name, _ => null),
        Indicator.Operations wanted => Operations(wanted),
        Indicator.Member wanted => Member(wanted),
        Indicator.Built wanted => wanted.Functions.FirstOrDefault(name => kernel.Symbol(name) is not null) is { } name
            ? Present($"FUNC {name}, which only kernels with {wanted.Option} have")
            : Unknown($"no FUNC {string.Join(" or ", wanted.Functions)}, which kernels with {wanted.Option} have, but BTF may leave out"),
        Indicator.Hidden when need.Name == KernelFacts.VersionName && version is { } known => Present($"Linux {known}"),
        Indicator.Hidden wanted => Unknown(wanted.Why),
        var other => throw new InvalidOperationException(other.GetType().Name),
    };

    private (CheckStatus, string) Helper(Indicator.Helper wanted, string helper)
    {
        const string table = "bpf_func_id", prefix = "BPF_FUNC_";
        var name = prefix + helper["bpf_".Length..];
        if (kernel.FindEnum(table) is not { } helpers) return Unknown($"no enum {table}");
        var number = kernel.FindValue(helpers, name);
        if (number == (ulong)wanted.Number) return Present($"enum {table} has {name}");
        var lacks = number is null ? $"enum {table} has no {name}" : $"enum {table} has {name} as {number}, not {wanted.Number}";
        // probe_read_{user,kernel}{,_str}: bpf_object__sanitize_prog of libbpf.
        if (HelperTable.IsReplaced(wanted.Number)) return Present($"{lacks}; loaders call bpf_probe_read instead");
        return kernel.Helpers.IsKnown ? Absent(lacks) : Unknown($"{lacks}, and no __BPF_FUNC_MAX_ID: it may be incomplete");
    }

    private (CheckStatus, string) Enumerator(Indicator.Enumerator wanted) => kernel.FindEnum(wanted.Enum) is not { } all
        ? Unknown($"no enum {wanted.Enum}")
        : kernel.FindValue(all, wanted.Name) is not null
            ? Present($"enum {wanted.Enum} has {wanted.Name}")
            : Absent($"enum {wanted.Enum} has no {wanted.Name}");

    // bpf_object__resolve_ksym_func_btf_id and bpf_object__resolve_ksym_var_btf_id of libbpf: the types must be compatible.
    private (CheckStatus, string) Typed(string name, bool isFunction, uint localId)
    {
        var what = isFunction ? "FUNC" : "VAR";
        var isListed = isFunction ? kernel.ListsFunctions : kernel.ListsVariables;
        if (kernel.Symbol(name) is not { } found || IsFunction(found) != isFunction)
            return isListed ? Missing($"no {what} {name}") : Unknown($"this BTF lists no {what} at all");
        var compat = new TypeCompat(bpf.Types, found.Types, WorkBudget.For(1, cancellation));
        return compat.Are(bpf.Types[localId].SizeOrType, found.Type.SizeOrType) > 0
            ? Present($"{what} {name} in {found.Place}")
            : Changed($"{what} {name} in {found.Place} has another type than the object declares");
    }

    private (CheckStatus, string) Function(Indicator.Function wanted)
    {
        var symbol = wanted.Module is { } named ? kernel.SymbolIn(named, wanted.Name) : kernel.Symbol(wanted.Name);
        if (symbol is not null && IsFunction(symbol)) return Present(Listed(symbol));
        if (!kernel.ListsFunctions) return Unknown("this BTF lists no functions at all");
        var (what, meaning) = ($"no FUNC {wanted.Name}", $"no such {wanted.What}, or it was inlined or renamed");
        var known = Inlined(wanted.Name, wanted.Module);
        return wanted.Module switch
        {
            null => Missing(what, meaning, known),
            KernelTypes.Vmlinux => Absent($"{what} in {KernelTypes.Vmlinux}{After(known ?? meaning)}"),
            var module when kernel.HasModule(module) => Absent($"{what} in module {module}{After(known ?? meaning)}"),
            var module when kernel.KnowsModules => Absent($"{what}: the kernel has no module {module}"),
            var module => Unknown($"the BTF of module {module} is not known here"),
        };
    }

    // A function that BTF leaves out (static in several files, assembly) can still be probed.
    private (CheckStatus, string) Probed(IReadOnlyList<string> names, string needed) =>
        names.Select(kernel.Symbol).FirstOrDefault(found => found is not null && IsFunction(found)) is { } found
            ? Present(Listed(found))
            : Unknown($"no FUNC {names[0]} in BTF{After(Inlined(names[0], module: null))}; {needed}");

    private string Listed(Found function) => $"FUNC {function.Name} in {function.Place}"
        + (Inlined(function.Name, function.Module) is { } inlined ? $"; {inlined}, where the program does not run" : "");

    private string? Inlined(string function, string? module) => kernel.InlineSitesOf(function, module) switch
    {
        0 => null,
        1 => "it was inlined in 1 place",
        var sites => $"it was inlined in {sites} places",
    };

    private (CheckStatus, string) Tracepoint(string name, Func<Found, string?> difference)
    {
        var typedef = TracepointPrefix + name;
        // A kernel that lists none of its own has none listed in modules.
        if (kernel.Type(BtfKind.Typedef, typedef, kernel.ListsTracepoints) is { } found)
            return difference(found) is { } change ? Changed(change) : Present($"typedef {typedef} in {found.Place}");
        return kernel.ListsTracepoints
            ? Missing($"no typedef {typedef}", "no such tracepoint")
            : Unknown("this BTF lists no tracepoints (typedefs btf_trace_*, since 5.1)");
    }

    // bpf_struct_ops_<name> is made by the kernel's registration of the struct.
    private (CheckStatus, string) Operations(Indicator.Operations wanted)
    {
        var registered = OperationsPrefix + wanted.Struct;
        var operations = kernel.Type(BtfKind.Struct, wanted.Struct);
        if (kernel.Type(BtfKind.Struct, registered) is { } value)
            return operations is not null && FirstLacking(operations, wanted.Members) is { } lacking
                ? Absent($"struct {wanted.Struct} in {operations.Place} has no {lacking}, which the object sets")
                : Present($"struct {registered} in {value.Place}");
        return operations is null
            ? Missing($"no struct {wanted.Struct}")
            : Missing($"no struct {registered}", $"the kernel does not take struct {wanted.Struct} from BPF");
    }

    private string? FirstLacking(Found operations, IReadOnlyList<uint> members)
    {
        foreach (var name in members)
            if (!Has(operations, bpf.Types.Name(name))) return bpf.Types.NameText(name);
        return null;
    }

    private (CheckStatus, string) Member(Indicator.Member wanted)
    {
        if (kernel.Type(BtfKind.Struct, wanted.Struct, inModules: false) is not { } found) return Unknown($"no struct {wanted.Struct}");
        return Has(found, Encoding.UTF8.GetBytes(wanted.Name))
            ? Present($"struct {wanted.Struct} has {wanted.Name}")
            : Absent($"struct {wanted.Struct} has no {wanted.Name}");
    }

    private static bool Has(Found composite, ReadOnlySpan<byte> member)
    {
        for (var i = 0; i < Math.Min(composite.Type.Count, MaxMembers); i++)
            if (composite.Types.NameEquals(composite.Types.Member(composite.Type, i).NameOffset, member)) return true;
        return false;
    }

    // What vmlinux lacks may be in a module.
    private (CheckStatus, string) Missing(string what, string? meaning = null, string? known = null)
    {
        if (kernel.KnowsModules) return Absent($"{what} in vmlinux or its modules{After(known ?? meaning)}");
        return Unknown(
            $"{what} in vmlinux{After(known)}; it may be in a module, and the BTF of this kernel's modules is not known here");
    }

    private static string After(string? text) => text is null ? "" : $": {text}";

    private static bool IsFunction(Found symbol) => symbol.Type.Kind == BtfKind.Func;

    private static string Kind(Found symbol) => IsFunction(symbol) ? "FUNC" : "VAR";

    private static (CheckStatus, string) Present(string evidence) => (CheckStatus.Present, evidence);

    private static (CheckStatus, string) Changed(string evidence) => (CheckStatus.Changed, evidence);

    private static (CheckStatus, string) Absent(string evidence) => (CheckStatus.Absent, evidence);

    private static (CheckStatus, string) Unknown(string evidence) => (CheckStatus.Unknown, evidence);
}
