namespace Relo.Api.Compatibility;

/// <summary>The verdict on a kernel, or that there is none.</summary>
internal enum KernelVerdict
{
    /// <summary>Every access has its place.</summary>
    Ok,

    /// <summary>Some have not, and can never be reached.</summary>
    Guarded,

    /// <summary>One that can be reached has not: the verifier will refuse the program.</summary>
    Broken,

    /// <summary>libbpf would refuse the object, or the kernel's BTF could not be read.</summary>
    Failed,
}
