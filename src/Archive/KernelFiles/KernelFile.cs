namespace Relo.Archive.KernelFiles;

/// <summary>The contents of a kernel file.</summary>
/// <param name="Btf">Raw BTF, not yet checked.</param>
/// <param name="Container">The kind of file, for messages.</param>
internal sealed record KernelFile(ReadOnlyMemory<byte> Btf, string Container)
{
    /// <summary>The release, if the file contains it.</summary>
    public string? Release { get; init; }

    /// <summary>The architecture, if the file contains it.</summary>
    public string? Arch { get; init; }

    /// <summary>The distribution, if the file contains it.</summary>
    public string? Distro { get; init; }

    /// <summary>The distribution's version, if the file contains it.</summary>
    public string? Version { get; init; }

    /// <summary>The kernel's GNU build-id in lower-case hexadecimal digits, if the file contains it.</summary>
    public string? BuildId { get; init; }

    /// <summary>The kernel's <c>/proc/version</c>, if the file contains it.</summary>
    public string? Banner { get; init; }

    /// <summary>Name of the module, if the file is one; then <see cref="Btf"/> is split BTF.</summary>
    public string? Module { get; init; }

    /// <summary>The distilled base that <see cref="Btf"/> is split from, if the module has one (<c>.BTF.base</c>).</summary>
    public ReadOnlyMemory<byte> DistilledBase { get; init; }

    /// <summary>Split BTF on <see cref="Btf"/> with inline sites (<c>.BTF.inline</c>); empty if there is none.</summary>
    public ReadOnlyMemory<byte> Inline { get; init; }

    /// <summary>Modules in the same package. If a package has only modules, <see cref="Btf"/> is empty.</summary>
    public IReadOnlyList<KernelFile> Modules { get; init; } = [];

    /// <summary>Modules that could not be read, with the reason.</summary>
    public IReadOnlyList<string> ModuleFaults { get; init; } = [];

    /// <summary>A copy that does not reference the file's memory.</summary>
    public KernelFile Detached() => this with { Btf = Btf.ToArray(), DistilledBase = DistilledBase.ToArray(), Inline = Inline.ToArray() };

    /// <summary>The same, inside another container.</summary>
    public KernelFile In(string container) => this with { Container = $"{Container} in {container}" };
}
