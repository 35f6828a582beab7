namespace Relo.Core.Btf;

/// <summary>Groups of kinds, as in libbpf.</summary>
public static class BtfKinds
{
    /// <summary>Struct or union (btf_is_composite).</summary>
    public static bool IsComposite(this BtfKind kind) => kind is BtfKind.Struct or BtfKind.Union;

    /// <summary>Enum or enum64 (btf_is_any_enum).</summary>
    public static bool IsAnyEnum(this BtfKind kind) => kind is BtfKind.Enum or BtfKind.Enum64;

    /// <summary>
    /// The kinds that skip_mods_and_typedefs skips. A declaration tag is not a modifier: it refers to a type, but no type refers through
    /// it.
    /// </summary>
    public static bool IsModifierOrTypedef(this BtfKind kind) =>
        kind is BtfKind.Const or BtfKind.Volatile or BtfKind.Restrict or BtfKind.TypeTag or BtfKind.Typedef;

    /// <summary>Whether the kind describes inlined functions. Programs never read such types, so they are never candidates.</summary>
    public static bool IsLocation(this BtfKind kind) => kind is BtfKind.LocParam or BtfKind.LocProto or BtfKind.LocSec;

    /// <summary>btf_kind_core_compat: the same kind, or enum and enum64.</summary>
    public static bool IsCoreCompatible(this BtfKind a, BtfKind b) => a == b || (a.IsAnyEnum() && b.IsAnyEnum());

    /// <summary>The kind as libbpf's messages spell it (btf_kind_str).</summary>
    public static string LibbpfName(this BtfKind kind) => kind == BtfKind.Void ? "void" : KindLayout.Of(kind)?.LibbpfName ?? "unknown";
}
