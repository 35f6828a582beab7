namespace Relo.Core.Diagnoses;

/// <summary>What a line of a log reports.</summary>
public enum FindingKind
{
    /// <summary>The verifier came to an instruction whose CO-RE record has no target.</summary>
    PoisonedRelocation,

    /// <summary>The loader refused a CO-RE record.</summary>
    RelocationFailed,

    /// <summary>The kernel has no helper of this number, or this type of program may not call it.</summary>
    Helper,

    /// <summary>A kernel function that the object calls is missing.</summary>
    Kfunc,

    /// <summary>A variable or symbol of the kernel is missing.</summary>
    Ksym,

    /// <summary>What the program attaches to is missing.</summary>
    AttachTarget,

    /// <summary>The node has no kernel BTF.</summary>
    KernelBtf,

    /// <summary>A map could not be created.</summary>
    Map,

    /// <summary>An access outside of a map's value.</summary>
    MapValueAccess,

    /// <summary>An access to the context that the kernel does not allow.</summary>
    ContextAccess,

    /// <summary>An access outside of a kernel struct.</summary>
    StructAccess,

    /// <summary>A type that the object declares but does not define.</summary>
    IncompleteType,
}
