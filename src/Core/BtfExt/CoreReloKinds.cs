namespace Relo.Core.BtfExt;

/// <summary>Groups and names of kinds.</summary>
public static class CoreReloKinds
{
    /// <summary>Kinds whose access string walks through members (core_relo_is_field_based).</summary>
    public static bool IsFieldBased(this CoreReloKind kind) => kind <= CoreReloKind.FieldRshiftU64;

    /// <summary>Kinds about a whole type (core_relo_is_type_based).</summary>
    public static bool IsTypeBased(this CoreReloKind kind) =>
        kind is (>= CoreReloKind.TypeIdLocal and <= CoreReloKind.TypeSize) or CoreReloKind.TypeMatches;

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
