namespace Relo.Core.Objects;

/// <summary>The way a map is defined in the object.</summary>
public enum MapDefinition
{
    /// <summary>A struct in the BTF data section <c>.maps</c>.</summary>
    Btf,

    /// <summary>A <c>struct bpf_map_def</c> in section <c>maps</c>, which libbpf 1.0 and later refuse.</summary>
    Legacy,

    /// <summary>Global variables: <c>.data</c>, <c>.rodata</c>, <c>.bss</c>.</summary>
    GlobalData,

    /// <summary>A variable in <c>.struct_ops</c>.</summary>
    StructOps,
}
