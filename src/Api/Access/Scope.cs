namespace Relo.Api.Access;

/// <summary>The scopes of a key; each route needs one of them.</summary>
[Flags]
internal enum Scope
{
    /// <summary>Nothing.</summary>
    None = 0,

    /// <summary>Read kernels, their BTF, and stored objects.</summary>
    Read = 1,

    /// <summary>Relocate uploaded or stored objects, and compute other results from an object and kernels.</summary>
    Relocate = 2,

    /// <summary>Add and delete stored objects.</summary>
    Objects = 4,

    /// <summary>Add and delete kernels.</summary>
    Kernels = 8,

    /// <summary>Read the audit trail.</summary>
    Audit = 16,

    /// <summary>Everything.</summary>
    All = Read | Relocate | Objects | Kernels | Audit,
}
