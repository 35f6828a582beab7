using Relo.Core.Access;
using Relo.Core.Objects;
using Relo.Core.Proposals;
using Relo.Core.Relocation;

namespace Relo.Core.Diagnoses;

/// <summary>What to do about each kind of finding, with the C code to write where code helps.</summary>
internal static class Remedies
{
    /// <summary>For an access without a target.</summary>
    public static Remedy Of(AccessSpec local, Miss miss, IReadOnlyList<FieldProposal> proposals)
    {
        var access = new AccessText(local);
        return miss switch
        {
            Miss.NoType or Miss.IncompatibleType => new(
                "guard the access, or make the program optional (SEC(\"?…\")) and load it only where the type exists",
                $"if (bpf_core_type_exists({access.Root})) {{\n\t/* the code that uses {access.Root} */\n}}"),
            Miss.NoEnumerator => new(
                "guard the use of the enumerator",
                $"if (bpf_core_enum_value_exists({access.Root}, {access.Path}))\n"
                + $"\tvalue = bpf_core_enum_value({access.Root}, {access.Path});"),
            Miss.SizeChange => new(
                "read the field into a variable of 8 bytes by its size on the kernel: a load cannot change its width for this type",
                "__u64 value = 0;\n\n"
                + $"bpf_core_read(&value, bpf_core_field_size({access.Variable}->{access.Path}), &{access.Variable}->{access.Path});"),
            Miss.IncompatibleField => new(
                "declare the struct a second time, as a flavour (struct x___new), with the field's type on this kernel, and read it "
                + "through that",
                Guard(access)),
            _ when proposals is [{ Kind: not "split" } best, ..] && WithProposal(access, best) is { } code => new(
                $"read {best.Path} where {best.Instead} does not exist: a proposal from the layouts, check it in the kernel's source",
                code),
            _ => new("guard the access: the verifier does not look at a branch that the kernel does not take", Guard(access)),
        };
    }

    /// <summary>For a helper.</summary>
    public static Remedy OfHelper(string? name)
    {
        if (name is null) return new("this number is no helper of any kernel: was the object changed after it was compiled?");
        var substitute = HelperSubstitutes.Of(name) is { } text ? $"; without it, {text}" : "";
        return new($"guard the call{substitute}",
            $"if (bpf_core_enum_value_exists(enum bpf_func_id, BPF_FUNC_{name})) {{\n\t/* the code that calls bpf_{name}() */\n}}");
    }

    /// <summary>For a kernel function.</summary>
    public static Remedy OfKfunc(string? name) => name is null
        ? new("declare the function weak and guard each call with bpf_ksym_exists()")
        : new("declare the function weak and guard each call",
            $"extern … {name}(…) __ksym __weak;\n\nif (bpf_ksym_exists({name}))\n\t{name}(…);");

    /// <summary>For a variable or symbol of the kernel.</summary>
    public static Remedy OfKsym(string name) => new("declare it weak and guard each use",
        $"extern const … {name} __ksym __weak;\n\nif (bpf_ksym_exists({name}))\n\t/* the code that uses {name} */;");

    /// <summary>For what a program attaches to.</summary>
    public static Remedy OfTarget(string name, BpfProgram? program)
    {
        var section = program?.Section.Name.TrimStart('?') ?? $"fentry/{name}";
        return new(
            "make the program optional, and let user space turn it on where the target exists; BTF lists no function that was inlined, "
            + "renamed or compiled out, so look for its callers or for a tracepoint instead",
            $"SEC(\"?{section}\")\n\n/* in user space, before loading */\n"
            + $"bpf_program__set_autoload(skel->progs.{program?.Name ?? "program"}, exists);");
    }

    /// <summary>For kinds that need no object.</summary>
    public static Remedy? Of(FindingKind kind) => kind switch
    {
        FindingKind.KernelBtf => new(
            "load the object relocated for this kernel (GET /v1/relocated/{object}?kernel=…): it needs no kernel BTF, except for the "
            + "checks of kind kernel-btf"),
        FindingKind.MapValueAccess =>
            new("check the offset against the size of the map's value right before the access; if a field's size or place came from "
            + "CO-RE, bound it as well"),
        FindingKind.ContextAccess =>
            new("the context has another layout on this kernel, or this access is not allowed there: declare its struct with "
            + "__attribute__((preserve_access_index)), so that its fields are relocated too"),
        FindingKind.StructAccess =>
            new("the struct is smaller on this kernel: read the field with BPF_CORE_READ(), and guard it with bpf_core_field_exists()"),
        FindingKind.IncompleteType =>
            new("the kernel needs the type's definition in the object's own BTF: include vmlinux.h, or make the function static so that "
            + "the verifier checks it with its callers"),
        FindingKind.Map =>
            new("the kernel may not have this type of map, or not with these flags: choose another type with bpf_map__set_type() "
            + "before loading"),
        _ => null,
    };

    private static string Guard(AccessText access) =>
        $"if (bpf_core_field_exists({access.Root}, {access.Path}))\n\tvalue = BPF_CORE_READ({access.Variable}, {access.Path});";

    /// <summary>The struct declared a second time with the new member, and read through that where the old one does not exist.</summary>
    private static string? WithProposal(AccessText access, FieldProposal best)
    {
        if (access.Flavour is not { } flavour || best.Type is not { } type
            || !access.Path.StartsWith(best.Instead, StringComparison.Ordinal)) return null;
        var rest = access.Path[best.Instead.Length..]; // i_ctime.tv_sec → __i_ctime.tv_sec
        if (rest.Length > 0 && rest[0] is not ('.' or '[')) return null;
        var isPointer = best.Path.Contains("->", StringComparison.Ordinal);
        var parts = best.Path.Split(["->", "."], StringSplitOptions.None);
        if (parts.Length == 1)
            return $"{Struct(flavour, AccessText.Declare(type, parts[0]))}\n\n{Choice(access, best.Path + rest, $"new->{best.Path}")}";
        var inner = $"{best.Through}___new";
        return $"{Struct(inner, AccessText.Declare(type, parts[1]))}\n\n"
            + $"{Struct(flavour, isPointer ? $"{inner} *{parts[0]}" : $"{inner} {parts[0]}")}\n\n"
            + Choice(access, (isPointer ? string.Join(", ", parts) : best.Path) + rest, $"{inner}, {parts[1]}");
    }

    private static string Struct(string name, string member) => $"{name} {{\n\t{member};\n}} __attribute__((preserve_access_index));";

    private static string Choice(AccessText access, string read, string exists) =>
        $"{access.Flavour} *new = (void *){access.Variable};\n\n"
        + $"if (bpf_core_field_exists({access.Root}, {access.Path}))\n\tvalue = BPF_CORE_READ({access.Variable}, {access.Path});\n"
        + $"else if (bpf_core_field_exists({exists}))\n\tvalue = BPF_CORE_READ(new, {read});";
}
