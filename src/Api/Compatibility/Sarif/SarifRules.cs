using System.Text.Json;
using Relo.Core.Checks;

namespace Relo.Api.Compatibility.Sarif;

/// <summary>The possible faults of an object.</summary>
internal static class SarifRules
{
    /// <summary>An access that can be reached does not exist on a kernel.</summary>
    public static SarifRule Broken { get; } = Rule("broken-access", "BrokenAccess", "error", "Access does not exist on a kernel",
        "An access to a kernel type does not exist on some of the kernels, and its instruction can be reached there: the verifier will "
            + "reject the program.",
        "Guard the access with bpf_core_field_exists(), bpf_core_type_exists() or bpf_core_enum_value_exists(), or give it another "
            + "flavour of the type (struct task_struct___old) for those kernels.");

    /// <summary>An access that does not exist on a kernel can never be reached there.</summary>
    public static SarifRule Guarded { get; } = Rule("guarded-access", "GuardedAccess", "note", "Guarded access does not exist on a kernel",
        "An access to a kernel type does not exist on some of the kernels, and can never be reached there: the program loads and does "
            + "not use it.",
        "If the program is meant to work without it on those kernels, nothing has to be done.");

    /// <summary>libbpf would refuse the object.</summary>
    public static SarifRule Failed { get; } = Rule("relocation-failed", "RelocationFailed", "error", "Object cannot be relocated "
        + "for a kernel",
        "libbpf would refuse the whole object on some of the kernels: a type is ambiguous there, or the instruction does not fit the "
            + "relocation.",
        "The message is what libbpf would log. /problems/relocation-failed of the service explains it.");

    private static readonly Dictionary<NeedKind, SarifRule> Needs = Enum.GetValues<NeedKind>().ToDictionary(kind => kind, Need);

    /// <summary>All, in the order of their indexes.</summary>
    public static IReadOnlyList<SarifRule> All { get; } = [Broken, Guarded, Failed, .. Needs.Values];

    /// <summary>The object needs something of this kind that a kernel lacks or has in another form.</summary>
    public static SarifRule Of(NeedKind kind) => Needs[kind];

    /// <summary>Index among all.</summary>
    public static int IndexOf(SarifRule rule) => Enumerable.Range(0, All.Count).First(place => ReferenceEquals(All[place], rule));

    private static SarifRule Need(NeedKind kind)
    {
        var words = JsonNamingPolicy.KebabCaseLower.ConvertName($"{kind}");
        return Rule($"need-{words}", $"Need{kind}", "error", $"A kernel does not meet a need of the object: {words.Replace('-', ' ')}",
            "The object needs something of the kernel besides types, and the BTF of some of the kernels shows that they lack it or "
                + "have it in another form, which is a warning. It is a note if the object loads without it.",
            "Make the programs that need it optional (SEC(\"?…\")), guard its use, or leave those kernels out. The checks of a relocation "
                + "for one of them have the evidence.");
    }

    private static SarifRule Rule(string id, string name, string level, string title, string meaning, string remedy)
        => new(id, name, new(title), new(meaning), new(remedy), new(level));
}
