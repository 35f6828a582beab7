namespace Relo.Archive.Upstream.Packages;

/// <summary>What a package has of a kernel, in the order in which packages are preferred.</summary>
internal enum KernelPackageKind
{
    /// <summary>The kernel.</summary>
    Kernel,

    /// <summary>The kernel before it was signed: the same BTF.</summary>
    Unsigned,

    /// <summary>The vmlinux with debug information.</summary>
    Debug,

    /// <summary>Modules alone.</summary>
    Modules,
}
