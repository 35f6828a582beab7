using Relo.Core.Checks;
using Relo.Core.Reachability;
using Relo.Core.Relocation;

namespace Relo.Core.Report;

/// <summary>Names and texts of the reasons why an access has no target.</summary>
internal static class Reasons
{
    public static string? Name(Miss miss) => miss switch
    {
        Miss.None => null,
        Miss.NoType => "no-type",
        Miss.IncompatibleType => "incompatible-type",
        Miss.NoField => "no-field",
        Miss.NoElement => "no-element",
        Miss.NoEnumerator => "no-enumerator",
        Miss.IncompatibleField => "incompatible-field",
        Miss.SizeChange => "size-change",
        Miss.Refused => "relocation-failed",
        _ => throw new ArgumentOutOfRangeException(nameof(miss), miss, null),
    };

    public static string Name(RefusalKind kind) => kind switch
    {
        RefusalKind.AbsentKfunc => "absent-kfunc",
        RefusalKind.UnknownHelper => "unknown-helper",
        RefusalKind.PoisonedCall => "poisoned-call",
        _ => throw new ArgumentOutOfRangeException(nameof(kind), kind, "records have a reason of their own"),
    };

    public static string Words(Miss miss) => miss switch
    {
        Miss.NoType => "the kernel has no such type",
        Miss.IncompatibleType => "the kernel's type of that name is not compatible",
        Miss.NoField => "the kernel's type has no such field",
        Miss.NoElement => "the kernel's array is shorter, or is not an array",
        Miss.NoEnumerator => "the kernel's enum has no such enumerator",
        Miss.IncompatibleField => "the kernel's field of that name has an incompatible type",
        Miss.SizeChange => "the kernel's field has another size, and this load or store cannot be adjusted",
        Miss.Refused => "libbpf refuses the record",
        _ => "it has no target",
    };

    /// <summary>The words of a reason that has one of the names above.</summary>
    public static string WordsOf(string reason) => reason switch
    {
        "absent-kfunc" => "the kernel has no such function",
        "unknown-helper" => "the kernel has no helper with this number",
        "poisoned-call" => "the compiler inserted a call that no kernel accepts",
        ArchitectureMismatch.Code => "the kernel is of another architecture",
        _ => Words(Array.Find(Enum.GetValues<Miss>(), miss => Name(miss) == reason)),
    };
}
