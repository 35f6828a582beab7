using System.Text;
using Relo.Core.Btf;
using Relo.Core.BtfExt;
using Relo.Core.Checks;
using Relo.Core.Fingerprints;
using Relo.Core.Objects;
using Relo.Core.Reachability;
using Relo.Core.Relocation;

namespace Relo.Core.Compatibility;

/// <summary>
/// Everything that the outcome of an object reads of a kernel: names, whose layouts decide, and the version. Kernels that agree in these
/// and have the same inline sites have one outcome.
/// <code>
/// records                  the root type of each
/// externs                  the function or variable
/// helpers, map types, …    the enum, struct, typedef or function that shows it (Indicator)
/// </code>
/// </summary>
public sealed class LayoutQuestion
{
    private readonly HashSet<ulong> _names = [];
    private readonly bool _readsVersion;

    internal LayoutQuestion(BpfObject bpf, LoaderInputs inputs, IReadOnlyList<Need> needs)
    {
        Add(LayoutName.Kernel);
        Types(BtfKind.Struct, RegisterStructs.Names);
        Types(BtfKind.Enum, "bpf_func_id");
        Types(BtfKind.Typedef, KernelIndicators.ListedTracepoint);
        Symbols(KernelIndicators.OfModules);
        foreach (var (relo, _, _) in bpf.Specs) AddRoot(bpf, relo);
        foreach (var wanted in inputs.Externs) AddExtern(wanted);
        foreach (var need in needs) AddIndicator(bpf, need);
        _readsVersion = inputs.Externs.Any(wanted => wanted.Name == KernelFacts.VersionName);
    }

    /// <summary>The question of an object.</summary>
    public static LayoutQuestion Of(BpfObject bpf) => new(bpf, LoaderInputs.Of(bpf), new NeedChecks(bpf).All);

    /// <summary>The names (<see cref="LayoutName.Key"/>), each once.</summary>
    public IReadOnlyCollection<ulong> Names => _names;

    /// <summary>Why the outcome depends on more than layouts, so that each kernel must be checked; null if it does not.</summary>
    public string? Obstacle { get; private set; }

    /// <summary>
    /// The part of a version that matters: all of it if the object reads it, otherwise what the verifier of that version tracks.
    /// </summary>
    public KernelVersion? Decisive(KernelVersion? version) => _readsVersion ? version : VerifierKnowledge.Least(version);

    private void AddRoot(BpfObject bpf, CoreRelo relo)
    {
        if (relo.Kind == CoreReloKind.TypeIdLocal || relo.TypeId >= (uint)bpf.Types.Count) return;
        if (relo.Kind == CoreReloKind.TypeIdTarget)
            Obstacle = "a record asks for the id of a kernel type, which differs from kernel to kernel";
        var root = bpf.Types[relo.TypeId];
        var name = bpf.Types.Name(root.NameOffset);
        if (name.IsEmpty || root.Kind.IsLocation()) return; // no candidates are searched for
        if (NameIndex.Covers(root.Kind)) _names.Add(LayoutName.KeyOf(LayoutName.Group(root.Kind), EssentialName.Of(name)));
        else Obstacle ??= $"a record begins at a {root.Kind.LibbpfName()}, of which kernels have no layout";
    }

    private void AddExtern(Extern wanted)
    {
        if (wanted.Kind != ExternKind.Config) Symbols(wanted.Name);
        else if (wanted.Name == KernelFacts.WrapperName) Symbols(KernelSymbols.SyscallWrappers);
    }

    private void AddIndicator(BpfObject bpf, Need need)
    {
        switch (need.Indicator)
        {
            case Indicator.Enumerator indicator:
                Types(BtfKind.Enum, indicator.Enum);
                break;
            case Indicator.Function { Module: { } module and not KernelTypes.Vmlinux }:
                Obstacle ??= $"a program attaches to a function of module {module}, and layouts do not show which module has a function";
                break;
            case Indicator.Kfunc or Indicator.Variable or Indicator.Symbol or Indicator.Function or Indicator.Probed or Indicator.Syscall
                or Indicator.Built:
                Symbols([.. need.Indicator.Symbols]);
                break;
            case Indicator.Tracepoint indicator:
                Types(BtfKind.Typedef, IndicatorReader.TracepointPrefix + indicator.Name);
                break;
            case Indicator.Record indicator:
                Types(BtfKind.Typedef, IndicatorReader.TracepointPrefix + indicator.Name);
                foreach (var program in need.Programs)
                    if (ContextStruct.Of(bpf.Types, program) is { } local)
                        Types(BtfKind.Struct, TracepointUse.RecordOf(bpf, indicator.Name, local));
                break;
            case Indicator.Operations indicator:
                Types(BtfKind.Struct, indicator.Struct, IndicatorReader.OperationsPrefix + indicator.Struct);
                break;
            case Indicator.Member indicator:
                Types(BtfKind.Struct, indicator.Struct);
                break;
            case Indicator.Helper or Indicator.Hidden: // the enum of helpers, the version
                break;
            default:
                throw new InvalidOperationException(need.Indicator.GetType().Name);
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
