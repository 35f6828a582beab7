namespace Relo.Api.Access;

/// <summary>Which routes need a key.</summary>
internal enum AccessMode
{
    /// <summary>None.</summary>
    Open,

    /// <summary>Those that change stored objects or kernels, and the audit trail.</summary>
    Keys,

    /// <summary>All under /v1 and /api/v1.</summary>
    KeysForAll,
}
