namespace Relo.Core.Checks;

/// <summary>What kind of thing an object needs of the kernel.</summary>
public enum NeedKind
{
    /// <summary>A helper function, by number.</summary>
    Helper,

    /// <summary>A kernel function that programs call, by its BTF.</summary>
    Kfunc,

    /// <summary>A map type.</summary>
    MapType,

    /// <summary>A program type or an attach type.</summary>
    ProgramType,

    /// <summary>What a program attaches to: a function, a tracepoint, an LSM hook, an iterator.</summary>
    AttachTarget,

    /// <summary>A variable or symbol of the kernel.</summary>
    Ksym,

    /// <summary>A struct of functions that the object implements.</summary>
    StructOps,

    /// <summary>An option of the kernel's configuration.</summary>
    Kconfig,

    /// <summary>BTF of the kernel on the node, which relocation cannot replace.</summary>
    KernelBtf,

    /// <summary>The architecture that the object is compiled for.</summary>
    Architecture,

    /// <summary>Maps for <c>.data</c>, <c>.rodata</c> and <c>.bss</c>.</summary>
    GlobalData,
}
