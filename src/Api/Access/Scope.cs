namespace Relo.Api.Access;

/// <summary>What a key allows; each route needs one of these.</summary>
[Flags]
internal enum Scope
{
    /// <summary>Nothing.</summary>
    None = 0,

    /// <summary>Read what is kept: kernels, their BTF, objects.</summary>
    Read = 1,

    /// <summary>Relocate objects, uploaded or kept, and make other things from an object and kernels.</summary>
    Relocate = 2,

    /// <summary>Add and delete kept objects.</summary>
    Objects = 4,

    /// <summary>Add and delete kernels.</summary>
    Kernels = 8,

    /// <summary>Everything.</summary>
    All = Read | Relocate | Objects | Kernels,
}
