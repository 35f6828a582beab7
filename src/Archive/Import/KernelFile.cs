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

    /// <summary>Name of the module, where the file is one: then the BTF stands on that of the kernel.</summary>
    public string? Module { get; init; }

    /// <summary>Modules that came with the kernel. A package may hold modules alone: then <see cref="Btf"/> is empty.</summary>
    public IReadOnlyList<KernelFile> Modules { get; init; } = [];

    /// <summary>Which of its modules were not taken, and why, in words.</summary>
    public IReadOnlyList<string> ModuleFaults { get; init; } = [];

    /// <summary>The same, in one more container.</summary>
    public KernelFile In(string container) => this with { Container = $"{Container} in {container}" };
}

/// <summary>The file cannot be read as a kernel file. Becomes <see cref="Rejected"/>; never leaves the archive.</summary>
internal sealed class KernelFileException(string detail, Exception? inner = null) : Exception(detail, inner)
{
    public string Code { get; init; } = Rejected.UnrecognisedKernelFile;
}
