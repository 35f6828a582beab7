namespace Relo.Archive.Index;

/// <summary>The actions in the audit trail.</summary>
internal static class AuditAction
{
    public const string ObjectAdded = "object-added", ObjectDeleted = "object-deleted";

    /// <summary>A tag that moves to another object is deleted and added.</summary>
    public const string TagAdded = "tag-added", TagDeleted = "tag-deleted";

    /// <summary>A kernel that is replaced or deleted loses its modules.</summary>
    public const string KernelAdded = "kernel-added", KernelReplaced = "kernel-replaced", KernelDeleted = "kernel-deleted";

    /// <summary>Another file of the same kernel added its build-id or banner; its BTF stays.</summary>
    public const string KernelDescribed = "kernel-described";

    public const string ModuleAdded = "module-added", ModuleReplaced = "module-replaced", ModuleDeleted = "module-deleted";

    /// <summary>Old entries were deleted; the digest is the hash of the last of them.</summary>
    public const string TrailShortened = "trail-shortened";
}
