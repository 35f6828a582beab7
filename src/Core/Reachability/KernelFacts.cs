using Relo.Core.Elf;
using Relo.Core.Relocation;

namespace Relo.Core.Reachability;

/// <summary>
/// What the loader and the verifier of one kernel know about an object's externs and helpers before a program runs. Equal facts and
/// equal fixups give equal verdicts.
/// </summary>
internal sealed class KernelFacts
{
    /// <summary>The extern that receives the version.</summary>
    public const string VersionName = "LINUX_KERNEL_VERSION";

    /// <summary>The extern that receives whether system calls have wrappers.</summary>
    public const string WrapperName = "LINUX_HAS_SYSCALL_WRAPPER";

    private readonly LoaderInputs _inputs;
    private readonly Dictionary<string, int> _externs = new(StringComparer.Ordinal);
    private readonly KnownFact[] _facts;
    private readonly HashSet<int> _absentHelpers;

    private KernelFacts(LoaderInputs inputs, KnownFact[] facts, HashSet<int> absentHelpers, KernelVersion? version, bool isJudged)
    {
        (_inputs, _facts, _absentHelpers, Verifier, IsJudged) = (inputs, facts, absentHelpers, VerifierKnowledge.Of(version), isJudged);
        for (var i = 0; i < inputs.Externs.Count; i++) _externs[inputs.Externs[i].Name] = i;
        Key = $"{Verifier}|{string.Join(',', _facts)}|{string.Join(',', absentHelpers.Order())}";
    }

    /// <summary>What the kernel's verifier tracks.</summary>
    public VerifierKnowledge Verifier { get; }

    /// <summary>Whether the verifier may refuse anything besides poisoned records.</summary>
    public bool IsJudged { get; }

    /// <summary>A key that is equal for equal facts.</summary>
    public string Key { get; }

    /// <param name="inputs">The externs and helpers of the object.</param>
    /// <param name="kernel">The kernel's types; modules are enumerated when the kernel itself lacks a symbol.</param>
    /// <param name="version">Its version, if known.</param>
    public static KernelFacts Of(LoaderInputs inputs, KernelTypes kernel, KernelVersion? version)
    {
        var helpers = HelperTable.Of(kernel.Own);
        var symbols = new KernelSymbols(kernel);
        var facts = inputs.Externs.Select(wanted => FactOf(wanted, symbols, helpers, version)).ToArray();
        var absent = inputs.Helpers.Where(helpers.Lacks).ToHashSet();
        var isJudged = absent.Count > 0 || inputs.Helpers.Contains(InstructionPatcher.Poison.Imm) || facts.Contains(KnownFact.Absent);
        return new(inputs, facts, absent, version, isJudged);
    }

    /// <summary>The result of a 64-bit load of an extern's address.</summary>
    public KnownValue Address(string name, Assumptions assumptions)
    {
        if (!_externs.TryGetValue(name, out var index)) return KnownValue.Other;
        var (wanted, fact) = (_inputs.Externs[index], _facts[index]);
        if (wanted.Kind == ExternKind.Config) return KnownValue.Extern(index);
        if (fact == KnownFact.Absent && wanted.IsWeak)
            return assumptions.Add($"ksym {name} is absent") is { } absent ? KnownValue.Constant(0, absent) : KnownValue.Other;
        if (fact == KnownFact.Present)
            return assumptions.Add($"ksym {name} is present") is { } present ? KnownValue.NotZero(present) : KnownValue.Other;
        return KnownValue.Other;
    }

    /// <summary>The result of a load from a <c>__kconfig</c> variable.</summary>
    public KnownValue Value(int index, long offset, int bytes, Assumptions assumptions)
    {
        var (wanted, fact) = (_inputs.Externs[index], _facts[index]);
        if (fact.Text is not { } text || offset != 0 || bytes != wanted.SizeBytes || !Verifier.ReadOnlyMaps) return KnownValue.Other;
        return assumptions.Add($"{wanted.Name} = {text}") is { } assumed ? KnownValue.Range(fact.Min, fact.Max, assumed) : KnownValue.Other;
    }

    /// <summary>
    /// Whether it is a call of a weak kernel function that the kernel lacks. libbpf refuses an object if the function is not weak.
    /// </summary>
    public bool IsAbsentKfunc(ElfSymbol symbol) =>
        _externs.TryGetValue(symbol.Name, out var index)
        && _inputs.Externs[index] is { Kind: ExternKind.Function, IsWeak: true } && _facts[index] == KnownFact.Absent;

    /// <summary>Whether the kernel has no helper of this number.</summary>
    public bool LacksHelper(int number) => _absentHelpers.Contains(number);

    private static KnownFact FactOf(Extern wanted, KernelSymbols symbols, HelperTable helpers, KernelVersion? version) => wanted.Kind switch
    {
        ExternKind.Config => wanted.Name switch
        {
            VersionName when version is { } known => KnownFact.Of(known),
            // FEAT_BPF_COOKIE of libbpf tries a program that calls this helper.
            "LINUX_HAS_BPF_COOKIE" when helpers.IsKnown => KnownFact.Of(helpers.Has("BPF_FUNC_get_attach_cookie"u8) ? 1u : 0u),
            // FEAT_SYSCALL_WRAPPER of libbpf looks for the function of this name.
            WrapperName when symbols.HasSyscallWrapper => KnownFact.Of(1u),
            _ => KnownFact.Unknown, // CONFIG_*: BTF says nothing about the configuration
        },
        ExternKind.UntypedSymbol => symbols.Has(wanted.Name) ? KnownFact.Present : KnownFact.Unknown,
        ExternKind.Variable => symbols.Has(wanted.Name) ? KnownFact.Present : symbols.ListsVariables ? KnownFact.Absent : KnownFact.Unknown,
        _ => symbols.Has(wanted.Name) ? KnownFact.Present : symbols.ListsFunctions ? KnownFact.Absent : KnownFact.Unknown,
    };
}
