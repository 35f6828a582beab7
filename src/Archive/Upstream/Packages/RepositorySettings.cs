using Relo.Archive.Blobs;
using Relo.Archive.KernelFiles;
using Relo.Archive.KernelFiles.Unpacking;

namespace Relo.Archive.Upstream.Packages;

/// <summary>What a repository serves, and its limits.</summary>
/// <param name="Distro">os-release <c>ID</c> of its kernels.</param>
/// <param name="Version">Their <c>VERSION_ID</c>; empty: what the kernels and the repository say.</param>
/// <param name="Arches">Architectures to serve, as the repository spells them.</param>
internal sealed record RepositorySettings(string Distro, string Version, IReadOnlyList<string> Arches)
{
    /// <summary>The keyring; empty: signatures are not checked.</summary>
    public string Keyring { get; init; } = "";

    /// <summary>Whether signed metadata is accepted after it expires.</summary>
    public bool IgnoresExpiry { get; init; }

    /// <summary>Whether modules are kept.</summary>
    public bool KeepsModules { get; init; } = true;

    /// <summary>Whether debug packages are used where a kernel has no BTF.</summary>
    public bool UsesDebug { get; init; }

    /// <summary>The largest package.</summary>
    public required long PackageBytes { get; init; }

    /// <summary>The largest index, unpacked.</summary>
    public required long IndexBytes { get; init; }

    /// <summary>How long an index is used before the repository is asked whether it changed.</summary>
    public required TimeSpan Refresh { get; init; }

    /// <summary>Limits for unpacking.</summary>
    public required ReadSettings Reading { get; init; }

    /// <summary>The clock.</summary>
    public required TimeProvider Clock { get; init; }

    /// <summary>Reads an index, which may be compressed, within its limit.</summary>
    /// <exception cref="KernelFileException">It is damaged, or larger.</exception>
    public T ReadIndex<T>(ReadOnlyMemory<byte> index, Func<Stream, T> read, CancellationToken ct)
    {
        var limits = Reading.Limits with { FileBytes = IndexBytes, TotalBytes = IndexBytes };
        using var unpacker = new Unpacker(Reading with { Limits = limits }, ct);
        using var text = Compression.Of(index.Span) is { } compression ? unpacker.Open(compression, index) : new BytesStream(index);
        return read(text);
    }

    /// <summary>The architecture as the repository spells it; null if it does not serve it.</summary>
    public string? Spelling(string arch) => Arches.FirstOrDefault(own => Naming.KernelName.Arch(own) == Naming.KernelName.Arch(arch));
}
