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
    /// <summary>
    /// The location of a parameter of an inlined or optimised function: a register, an address, a constant (linux/btf.h of 2026, as the
    /// next two).
    /// </summary>
    LocParam = 20,
    /// <summary>The locations of all parameters of a function at an inline site.</summary>
    LocProto = 21,
    /// <summary>The inline sites of one ELF section: function, locations of its parameters, offset.</summary>
    LocSec = 22,
}
