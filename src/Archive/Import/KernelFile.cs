using Relo.Archive.Kernels;

namespace Relo.Archive.Import;

/// <summary>What a kernel file held.</summary>
/// <param name="Btf">Raw BTF, not checked yet.</param>
/// <param name="Container">What the file was, for messages.</param>
internal sealed record KernelFile(ReadOnlyMemory<byte> Btf, string Container)
{
    /// <summary>The release, where the file tells it.</summary>
    public string? Release { get; init; }

    /// <summary>The architecture, where the file tells it.</summary>
    public string? Arch { get; init; }

    /// <summary>The distribution, where the file tells it.</summary>
    public string? Distro { get; init; }

    /// <summary>The distribution's version, where the file tells it.</summary>
    public string? Version { get; init; }

    /// <summary>The kernel's GNU build-id in lower-case hexadecimal digits, where the file tells it.</summary>
    public string? BuildId { get; init; }

    /// <summary>What the kernel says in <c>/proc/version</c>, where the file tells it.</summary>
    public string? Banner { get; init; }

    /// <summary>Name of the module, where the file is one: then the BTF stands on that of the kernel.</summary>
    public string? Module { get; init; }

    /// <summary>The excerpt of a kernel's BTF that <see cref="Btf"/> stands on, where the module brings one (<c>.BTF.base</c>).</summary>
    public ReadOnlyMemory<byte> DistilledBase { get; init; }

    /// <summary>Split BTF on <see cref="Btf"/> that says where functions were inlined (<c>.BTF.inline</c>); empty where there is none.</summary>
    public ReadOnlyMemory<byte> Inline { get; init; }

    /// <summary>Modules that came with the kernel. A package may hold modules alone: then <see cref="Btf"/> is empty.</summary>
    public IReadOnlyList<KernelFile> Modules { get; init; } = [];

    /// <summary>Which of its modules were not taken, and why, in words.</summary>
    public IReadOnlyList<string> ModuleFaults { get; init; } = [];

    /// <summary>The same with bytes of its own, so that the file need not stay.</summary>
    public KernelFile Detached() => this with { Btf = Btf.ToArray(), DistilledBase = DistilledBase.ToArray(), Inline = Inline.ToArray() };

    /// <summary>The same, in one more container.</summary>
    public KernelFile In(string container) => this with { Container = $"{Container} in {container}" };
}

/// <summary>The file cannot be read as a kernel file. Becomes <see cref="Rejected"/>; never leaves the archive.</summary>
internal sealed class KernelFileException(string detail, Exception? inner = null) : Exception(detail, inner)
{
    public string Code { get; init; } = Rejected.UnrecognisedKernelFile;
}
