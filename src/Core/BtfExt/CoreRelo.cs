namespace Relo.Core.BtfExt;

/// <summary>What a CO-RE record asks for (enum bpf_core_relo_kind, uapi linux/bpf.h).</summary>
public enum CoreReloKind : uint
{
    /// <summary>Byte offset of a field.</summary>
    FieldByteOffset = 0,
    /// <summary>Size of a field.</summary>
    FieldByteSize = 1,
    /// <summary>Whether the field exists: 1 or 0.</summary>
    FieldExists = 2,
    /// <summary>Whether the field is signed: 1 or 0.</summary>
    FieldSigned = 3,
    /// <summary>Left shift that brings a bit-field to the top of a u64.</summary>
    FieldLshiftU64 = 4,
    /// <summary>Right shift that brings it down again.</summary>
    FieldRshiftU64 = 5,
    /// <summary>Type id in the object's own BTF.</summary>
    TypeIdLocal = 6,
    /// <summary>Type id in the kernel's BTF.</summary>
    TypeIdTarget = 7,
    /// <summary>Whether the type exists: 1 or 0.</summary>
    TypeExists = 8,
    /// <summary>Size of the type.</summary>
    TypeSize = 9,
    /// <summary>Whether the enumerator exists: 1 or 0.</summary>
    EnumValueExists = 10,
    /// <summary>Value of the enumerator.</summary>
    EnumValue = 11,
    /// <summary>Whether the type matches in full: 1 or 0.</summary>
    TypeMatches = 12,
}

/// <summary>Groups and names of kinds.</summary>
public static class CoreReloKinds
{
    /// <summary>Kinds whose access string walks through members (core_relo_is_field_based).</summary>
    public static bool IsFieldBased(this CoreReloKind kind) => kind <= CoreReloKind.FieldRshiftU64;

    /// <summary>Kinds about a whole type (core_relo_is_type_based).</summary>
    public static bool IsTypeBased(this CoreReloKind kind) => kind is (>= CoreReloKind.TypeIdLocal and <= CoreReloKind.TypeSize) or CoreReloKind.TypeMatches;

    /// <summary>Kinds about an enumerator (core_relo_is_enumval_based).</summary>
    public static bool IsEnumBased(this CoreReloKind kind) => kind is CoreReloKind.EnumValueExists or CoreReloKind.EnumValue;

    /// <summary>The kind in libbpf's log (core_relo_kind_str).</summary>
    public static string LibbpfName(this CoreReloKind kind) => kind switch
    {
        CoreReloKind.FieldByteOffset => "byte_off",
        CoreReloKind.FieldByteSize => "byte_sz",
        CoreReloKind.FieldExists => "field_exists",
        CoreReloKind.FieldSigned => "signed",
        CoreReloKind.FieldLshiftU64 => "lshift_u64",
        CoreReloKind.FieldRshiftU64 => "rshift_u64",
        CoreReloKind.TypeIdLocal => "local_type_id",
        CoreReloKind.TypeIdTarget => "target_type_id",
        CoreReloKind.TypeExists => "type_exists",
        CoreReloKind.TypeMatches => "type_matches",
        CoreReloKind.TypeSize => "type_size",
        CoreReloKind.EnumValueExists => "enumval_exists",
        CoreReloKind.EnumValue => "enumval_value",
        _ => "unknown",
    };

    /// <summary>The kind in reports.</summary>
    public static string ReportName(this CoreReloKind kind) => kind switch
    {
        CoreReloKind.FieldByteOffset => "field-byte-offset",
        CoreReloKind.FieldByteSize => "field-byte-size",
        CoreReloKind.FieldExists => "field-exists",
        CoreReloKind.FieldSigned => "field-signed",
        CoreReloKind.FieldLshiftU64 => "field-lshift-u64",
        CoreReloKind.FieldRshiftU64 => "field-rshift-u64",
        CoreReloKind.TypeIdLocal => "type-id-local",
        CoreReloKind.TypeIdTarget => "type-id-target",
        CoreReloKind.TypeExists => "type-exists",
        CoreReloKind.TypeSize => "type-size",
        CoreReloKind.EnumValueExists => "enum-value-exists",
        CoreReloKind.EnumValue => "enum-value",
        CoreReloKind.TypeMatches => "type-matches",
        _ => $"unknown-{(uint)kind}",
    };
}

/// <summary>A CO-RE record (struct bpf_core_relo).</summary>
/// <param name="InstructionOffset">Byte offset of the instruction within its section.</param>
/// <param name="TypeId">Root type, in the object's BTF.</param>
/// <param name="AccessOffset">String offset of the access string, such as <c>0:1:2</c>.</param>
/// <param name="Kind">What is asked; values above 12 are kept and refused when relocated.</param>
public readonly record struct CoreRelo(uint InstructionOffset, uint TypeId, uint AccessOffset, CoreReloKind Kind) : IBtfExtRecord<CoreRelo>
{
    /// <summary>Bytes of a record as known here; larger ones are stepped over.</summary>
    public const int Size = 16;

    static CoreRelo IBtfExtRecord<CoreRelo>.Of(uint a, uint b, uint c, uint d) => new(a, b, c, (CoreReloKind)d);
}
