using Relo.Core.Checks;
using Relo.Core.Elf;
using Relo.Core.Objects;

namespace Relo.Core.Diagnoses;

/// <summary>The need of the object that a name in a log stands for.</summary>
internal sealed class NeedOfName(BpfObject bpf)
{
    private readonly Lazy<IReadOnlyList<Need>> _needs = new(() => ObjectNeeds.Of(bpf));
    private readonly Lazy<ElfRelocations?> _relocations = new(() => ElfRelocations.Read(bpf.Elf));

    /// <summary>The need for kernel BTF, whether or not the object has it: the log says that the loader looked for it.</summary>
    public Need KernelBtf() => _needs.Value.FirstOrDefault(need => need.Kind == NeedKind.KernelBtf)
        ?? new(NeedKind.KernelBtf, "/sys/kernel/btf/vmlinux", [], true);

    /// <summary>The need; null if nothing in BTF shows it.</summary>
    public Need? Of(FindingKind kind, string name, BpfProgram? program) => kind switch
    {
        FindingKind.Kfunc => Named(NeedKind.Kfunc, name) ?? Function(NeedKind.Kfunc, name),
        FindingKind.Ksym => Named(NeedKind.Ksym, name) ?? Named(NeedKind.Kfunc, name),
        FindingKind.Map => Maps.Of(bpf).FirstOrDefault(map => map.Name == name) is { } found ? Named(NeedKind.MapType, found.Type) : null,
        _ when program is not null && AttachTarget.Find(program.Section.Name) is { } target =>
            new(NeedKind.AttachTarget, target.Name, [program.Name], program.IsOptional) { Indicator = target.Indicator },
        _ => Named(NeedKind.AttachTarget, name) ?? Function(NeedKind.AttachTarget, name),
    };

    /// <summary>The kernel function that an instruction calls.</summary>
    public string? CalledAt(CodePlace place) =>
        _relocations.Value?.SymbolAt(place.Function.Section.Index, (uint)place.Instruction) is { } index
            && index < (uint)bpf.Elf.Symbols.Count
        && bpf.Elf.Symbols[(int)index] is { Section: ElfSymbol.Undefined, Name: { Length: > 0 } name } ? name : null;

    private Need? Named(NeedKind kind, string name) => _needs.Value.FirstOrDefault(need => need.Kind == kind && need.Name == name);

    private static Need Function(NeedKind kind, string name) =>
        new(kind, name, [], false) { Indicator = new Indicator.Function(name, null, "function") };
}
