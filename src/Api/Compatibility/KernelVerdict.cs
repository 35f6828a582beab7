namespace Relo.Api.Compatibility;

/// <summary>The verdict on a kernel, or <see cref="Failed"/>.</summary>
internal enum KernelVerdict
{
    /// <summary>Every access exists.</summary>
    Ok,

    /// <summary>Some accesses do not exist, and none of them can be reached.</summary>
    Guarded,

    /// <summary>An access that can be reached does not exist: the verifier will reject the program.</summary>
    Broken,

    /// <summary>libbpf would refuse the object, or the kernel's BTF could not be read.</summary>
    Failed,
}
