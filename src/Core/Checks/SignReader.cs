using Relo.Core.Bpf;
using Relo.Core.Btf;
using Relo.Core.Objects;
using Relo.Core.Reachability;
using Relo.Core.Relocation;

namespace Relo.Core.Checks;

/// <summary>Reads the sign of a need from a kernel's BTF: its status, and the evidence in words.</summary>
/// <param name="bpf">The object.</param>
/// <param name="kernel">The kernel's BTF.</param>
/// <param name="version">The version of the kernel, if known.</param>
/// <param name="reads">What the programs read of their context; without it, that is not compared.</param>
internal sealed class SignReader(BpfObject bpf, KernelSigns kernel, KernelVersion? version, ContextReads? reads = null)
{
    /// <summary>The typedef of a tracepoint is named for it, after this.</summary>
    public const string TracepointPrefix = "btf_trace_";

    /// <summary>The kernel's registration of a struct of functions is named for it, after this.</summary>
    public const string OperationsPrefix = "bpf_struct_ops_";

    private readonly TracepointUse _use = new(bpf, kernel, reads ?? ContextReads.None);

    public (CheckStatus Status, string Evidence) Read(Need need) => need.Sign switch
    {
        Sign.Helper sign => Helper(sign),
        Sign.Enumerator sign => Enumerator(sign),
        Sign.Kfunc sign => Typed(sign.Name, isFunction: true, sign.LocalType),
        Sign.Variable sign => Typed(sign.Name, isFunction: false, sign.LocalType),
        Sign.Symbol sign => kernel.Symbol(sign.Name) is { } found
            ? Present($"{Kind(found)} {sign.Name} in {found.Place}")
            : Unknown("not in BTF; the loader looks in /proc/kallsyms"),
        Sign.Function sign => Function(sign),
        Sign.Probed sign => Probed(sign),
        Sign.Tracepoint sign => Tracepoint(sign.Name, typedef => _use.MissingArgument(typedef, need.Programs)),
        // Kernels before 5.1 list no tracepoints, and have the records.
        Sign.Record sign => _use.MovedField(sign.Name, need.Programs) is { } moved ? Changed(moved) : Tracepoint(sign.Name, _ => null),
        Sign.Operations sign => Operations(sign),
        Sign.Member sign => Member(sign),
        Sign.Built sign => sign.Functions.FirstOrDefault(name => kernel.Symbol(name) is not null) is { } name
            ? Present($"FUNC {name}, which only kernels with {sign.Option} have")
            : Unknown($"no FUNC {string.Join(" or ", sign.Functions)}, which kernels with {sign.Option} have, but BTF may leave out"),
        Sign.Hidden when need.Name == KernelFacts.VersionName && version is { } known => Present($"Linux {known}"),
        Sign.Hidden sign => Unknown(sign.Why),
        var other => throw new InvalidOperationException(other.GetType().Name),
    };

    private (CheckStatus, string) Helper(Sign.Helper sign)
    {
        const string table = "bpf_func_id", prefix = "BPF_FUNC_";
        var name = prefix + HelperNames.Of(sign.Number);
        if (kernel.Enumerators(table) is not { } helpers) return Unknown($"no enum {table}");
        if (helpers.TryGetValue(name, out var number) && number == (ulong)sign.Number) return Present($"enum {table} has {name}");
        return HelperTable.Of(kernel.Kernel).Lacks(sign.Number)
            ? Absent($"enum {table} has no {name}")
            // probe_read_{user,kernel}{,_str}: bpf_object__sanitize_prog of libbpf.
            : Present($"enum {table} has no {name}; loaders call bpf_probe_read instead");
    }

    private (CheckStatus, string) Enumerator(Sign.Enumerator sign) => kernel.Enumerators(sign.Enum) is not { } all
        ? Unknown($"no enum {sign.Enum}")
        : all.ContainsKey(sign.Name) ? Present($"enum {sign.Enum} has {sign.Name}") : Absent($"enum {sign.Enum} has no {sign.Name}");

    // bpf_object__resolve_ksym_func_btf_id and bpf_object__resolve_ksym_var_btf_id of libbpf: the types must be compatible.
    private (CheckStatus, string) Typed(string name, bool isFunction, uint localId)
    {
        var what = isFunction ? "FUNC" : "VAR";
        var isListed = isFunction ? kernel.ListsFunctions : kernel.ListsVariables;
        if (kernel.Symbol(name) is not { } found || IsFunction(found) != isFunction)
            return isListed ? Missing($"no {what} {name}") : Unknown($"this BTF lists no {what} at all");
        var compat = new TypeCompat(bpf.Types, found.Types, WorkBudget.For(1, CancellationToken.None));
        return compat.Are(bpf.Types[localId].SizeOrType, found.Type.SizeOrType) > 0
            ? Present($"{what} {name} in {found.Place}")
            : Changed($"{what} {name} in {found.Place} has another type than the object declares");
    }

    private (CheckStatus, string) Function(Sign.Function sign)
    {
        if (kernel.Symbol(sign.Name) is { } found && IsFunction(found)) return Present(Listed(found));
        return kernel.ListsFunctions
            ? Missing($"no FUNC {sign.Name}", $"no such {sign.What}, or it was inlined or renamed", Inlined(sign.Name, sign.Module))
            : Unknown("this BTF lists no functions at all");
    }

    // A function that BTF leaves out (static in several files, assembly) can still be probed.
    private (CheckStatus, string) Probed(Sign.Probed sign) =>
        sign.Names.Select(kernel.Symbol).FirstOrDefault(found => found is not null && IsFunction(found)) is { } found
            ? Present(Listed(found))
            : Unknown($"no FUNC {sign.Names[0]} in BTF{After(Inlined(sign.Names[0], module: null))}; "
                + "a kprobe needs only a symbol, which /proc/kallsyms may have");

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
    private (CheckStatus, string) Operations(Sign.Operations sign)
    {
        var registered = OperationsPrefix + sign.Struct;
        var operations = kernel.Type(BtfKind.Struct, sign.Struct);
        if (kernel.Type(BtfKind.Struct, registered) is { } value)
            return sign.Members.FirstOrDefault(name => operations is not null && !Has(operations, name)) is { } lacking
                ? Absent($"struct {sign.Struct} in {operations!.Place} has no {lacking}, which the object sets")
                : Present($"struct {registered} in {value.Place}");
        return operations is null
            ? Missing($"no struct {sign.Struct}")
            : Missing($"no struct {registered}", $"the kernel does not take struct {sign.Struct} from BPF");
    }

    private (CheckStatus, string) Member(Sign.Member sign)
    {
        if (kernel.Type(BtfKind.Struct, sign.Struct, inModules: false) is not { } found) return Unknown($"no struct {sign.Struct}");
        return Has(found, sign.Name)
            ? Present($"struct {sign.Struct} has {sign.Name}")
            : Absent($"struct {sign.Struct} has no {sign.Name}");
    }

    private static bool Has(Found composite, string member)
    {
        for (var i = 0; i < composite.Type.Count; i++)
            if (composite.Types.NameText(composite.Types.Member(composite.Type, i).NameOffset) == member) return true;
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
