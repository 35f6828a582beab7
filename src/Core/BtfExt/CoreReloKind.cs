namespace Relo.Core.BtfExt;

/// <summary>The kind of a CO-RE record (enum bpf_core_relo_kind, uapi linux/bpf.h).</summary>
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
    /// <summary>Right shift that brings it back down.</summary>
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
