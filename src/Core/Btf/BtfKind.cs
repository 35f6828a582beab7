namespace Relo.Core.Btf;

/// <summary>BTF kinds (uapi linux/btf.h).</summary>
public enum BtfKind : byte
{
    /// <summary>Void, type id 0.</summary>
    Void = 0,
    /// <summary>Integer.</summary>
    Int = 1,
    /// <summary>Pointer.</summary>
    Ptr = 2,
    /// <summary>Array.</summary>
    Array = 3,
    /// <summary>Struct.</summary>
    Struct = 4,
    /// <summary>Union.</summary>
    Union = 5,
    /// <summary>Enum of up to 32 bits.</summary>
    Enum = 6,
    /// <summary>Forward declaration of a struct or (kind flag) union.</summary>
    Fwd = 7,
    /// <summary>Typedef.</summary>
    Typedef = 8,
    /// <summary>volatile.</summary>
    Volatile = 9,
    /// <summary>const.</summary>
    Const = 10,
    /// <summary>restrict.</summary>
    Restrict = 11,
    /// <summary>Function.</summary>
    Func = 12,
    /// <summary>Function prototype.</summary>
    FuncProto = 13,
    /// <summary>Variable.</summary>
    Var = 14,
    /// <summary>Data section.</summary>
    DataSec = 15,
    /// <summary>Floating point.</summary>
    Float = 16,
    /// <summary>btf_decl_tag attribute.</summary>
    DeclTag = 17,
    /// <summary>btf_type_tag attribute.</summary>
    TypeTag = 18,
    /// <summary>Enum of 64 bits.</summary>
    Enum64 = 19,
}

/// <summary>Groups of kinds, as libbpf forms them.</summary>
public static class BtfKinds
{
    /// <summary>The last kind known here.</summary>
    public const BtfKind Last = BtfKind.Enum64;

    /// <summary>Struct or union (btf_is_composite).</summary>
    public static bool IsComposite(this BtfKind kind) => kind is BtfKind.Struct or BtfKind.Union;

    /// <summary>Enum or enum64 (btf_is_any_enum).</summary>
    public static bool IsAnyEnum(this BtfKind kind) => kind is BtfKind.Enum or BtfKind.Enum64;

    /// <summary>What skip_mods_and_typedefs skips. A declaration tag is no modifier: it points at types, nothing points through it.</summary>
    public static bool IsModifierOrTypedef(this BtfKind kind) =>
        kind is BtfKind.Const or BtfKind.Volatile or BtfKind.Restrict or BtfKind.TypeTag or BtfKind.Typedef;

    /// <summary>btf_kind_core_compat: the same kind, or enum and enum64.</summary>
    public static bool IsCoreCompatible(this BtfKind a, BtfKind b) => a == b || (a.IsAnyEnum() && b.IsAnyEnum());

    /// <summary>The kind as libbpf's messages spell it (btf_kind_str).</summary>
    public static string LibbpfName(this BtfKind kind) => kind switch
    {
        BtfKind.Void => "void",
        BtfKind.FuncProto => "func_proto",
        BtfKind.DeclTag => "decl_tag",
        BtfKind.TypeTag => "type_tag",
        <= Last => kind.ToString().ToLowerInvariant(),
        _ => "unknown",
    };
}
