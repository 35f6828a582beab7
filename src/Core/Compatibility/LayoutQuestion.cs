using System.Text;
using Relo.Core.Btf;
using Relo.Core.BtfExt;
using Relo.Core.Checks;
using Relo.Core.Fingerprints;
using Relo.Core.Objects;
using Relo.Core.Reachability;

namespace Relo.Core.Compatibility;

/// <summary>
/// Everything that the outcome of an object reads of a kernel: names, whose layouts decide, and the version. Kernels that agree in these
/// have one outcome.
/// <code>
/// records                  the root type of each
/// externs                  the function or variable
/// helpers, map types, …    the enum, struct, typedef or function that shows it (Sign)
/// </code>
/// </summary>
public sealed class LayoutQuestion
{
    private readonly HashSet<ulong> _names = [];
    private readonly BpfObject _bpf;
    private readonly bool _readsVersion;

    internal LayoutQuestion(BpfObject bpf, LoaderInputs inputs, IReadOnlyList<Need> needs)
    {
        _bpf = bpf;
        Add(LayoutName.Kernel);
        Types(BtfKind.Struct, RegisterStructs.Names);
        Types(BtfKind.Enum, "bpf_func_id");
        Types(BtfKind.Typedef, KernelSigns.ListedTracepoint);
        Symbols(KernelSigns.OfModules);
        foreach (var (relo, _, _) in bpf.Specs) AddRoot(relo);
        foreach (var wanted in inputs.Externs) AddExtern(wanted);
        foreach (var need in needs) AddSign(need);
        _readsVersion = inputs.Externs.Any(wanted => wanted.Name == KernelFacts.VersionName);
    }

    /// <summary>The names (<see cref="LayoutName.Key"/>), each once.</summary>
    public IReadOnlyCollection<ulong> Names => _names;

    /// <summary>Why the outcome depends on more than layouts, so that each kernel must be asked; null if it does not.</summary>
    public string? Obstacle { get; private set; }

    /// <summary>
    /// The part of a version that decides: all of it if the object reads it, otherwise what the verifier of that version tracks.
    /// </summary>
    public KernelVersion? Decisive(KernelVersion? version) => _readsVersion ? version : VerifierKnowledge.Least(version);

    private void AddRoot(CoreRelo relo)
    {
        if (relo.Kind == CoreReloKind.TypeIdLocal || relo.TypeId >= (uint)_bpf.Types.Count) return;
        if (relo.Kind == CoreReloKind.TypeIdTarget)
            Obstacle = "a record asks for the id of a kernel type, which differs from kernel to kernel";
        var root = _bpf.Types[relo.TypeId];
        var name = _bpf.Types.Name(root.NameOffset);
        if (name.IsEmpty || root.Kind.IsLocation()) return; // nothing is searched
        if (NameIndex.Covers(root.Kind)) _names.Add(LayoutName.KeyOf(LayoutName.Group(root.Kind), EssentialName.Of(name)));
        else Obstacle ??= $"a record begins at a {root.Kind.LibbpfName()}, of which kernels have no layout";
    }

    private void AddExtern(Extern wanted)
    {
        if (wanted.Kind != ExternKind.Config) Symbols(wanted.Name);
        else if (wanted.Name == KernelFacts.WrapperName) Symbols(KernelSymbols.SyscallWrappers);
    }

    private void AddSign(Need need)
    {
        switch (need.Sign)
        {
            case Sign.Enumerator sign:
                Types(BtfKind.Enum, sign.Enum);
                break;
            case Sign.Kfunc or Sign.Variable or Sign.Symbol or Sign.Function or Sign.Probed or Sign.Built:
                Symbols([.. need.Sign.Symbols]);
                break;
            case Sign.Tracepoint sign:
                Types(BtfKind.Typedef, SignReader.TracepointPrefix + sign.Name);
                break;
            case Sign.Record sign:
                Types(BtfKind.Typedef, SignReader.TracepointPrefix + sign.Name);
                foreach (var program in need.Programs)
                    if (ContextStruct.Of(_bpf.Types, program) is { } local)
                        Types(BtfKind.Struct, TracepointUse.RecordOf(_bpf, sign.Name, local));
                break;
            case Sign.Operations sign:
                Types(BtfKind.Struct, sign.Struct, SignReader.OperationsPrefix + sign.Struct);
                break;
            case Sign.Member sign:
                Types(BtfKind.Struct, sign.Struct);
                break;
            case Sign.Helper or Sign.Hidden: // the enum of helpers, the version
                break;
            default:
                throw new InvalidOperationException(need.Sign.GetType().Name);
        }
    }

    private void Add(LayoutName name) => _names.Add(name.Key);

    private void Symbols(params ReadOnlySpan<string> names)
    {
        foreach (var name in names) Add(LayoutName.OfSymbol(name));
    }

    private void Types(BtfKind kind, params ReadOnlySpan<string> names)
    {
        foreach (var name in names) Add(LayoutName.OfType(kind, Encoding.UTF8.GetBytes(name)));
    }
}
