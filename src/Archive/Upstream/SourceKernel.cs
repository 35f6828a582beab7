using Relo.Archive.Index;
using Relo.Archive.Kernels;
using Relo.Archive.Naming;

namespace Relo.Archive.Upstream;

/// <summary>A kernel that a source has, or may have.</summary>
/// <param name="Distro">os-release <c>ID</c>, as the source spells it.</param>
/// <param name="Version">os-release <c>VERSION_ID</c>; null if only the kernel's file can say.</param>
/// <param name="Arch">Architecture, in any spelling.</param>
/// <param name="Release"><c>uname -r</c>.</param>
internal abstract record SourceKernel(string Distro, string? Version, string Arch, string Release)
{
    /// <summary>The path of its file in the source, for messages.</summary>
    public abstract string Path { get; }

    /// <summary>Changes with the file: its digest, or its path. A refused file is not fetched again until this changes.</summary>
    public virtual string Stamp => Path;

    /// <summary>Bytes to download; null if unknown.</summary>
    public virtual long? SizeBytes => null;

    /// <summary>Whether the source has its file; false for a list without files.</summary>
    public virtual bool CanFetch => true;

    /// <summary>Its id in our archive, as far as the source knows it.</summary>
    public string Id => KernelName.Id(
        KernelName.Distro(Distro), Version is null ? KernelName.LocalVersion : KernelName.Version(Version), KernelName.Arch(Arch), Release);

    /// <summary>The kernel in our archive; null if it is not here.</summary>
    public virtual Kernel? In(KernelIndex index) =>
        Version is null ? index.Matching(new(Distro, null, Arch, Release)).FirstOrDefault() : index.Find(Id);

    /// <summary>Downloads it and reads what the archive keeps.</summary>
    /// <returns>Null if the source does not have it after all.</returns>
    /// <exception cref="SourceException">The source fails, or sends something else.</exception>
    public abstract Task<SourceFile?> FetchAsync(CancellationToken ct);

    /// <summary>The same without the modules that are in packages of their own.</summary>
    /// <inheritdoc cref="FetchAsync"/>
    public virtual Task<SourceFile?> FetchAloneAsync(CancellationToken ct) => FetchAsync(ct);

    /// <summary>The date of its file; null if the source has none.</summary>
    /// <exception cref="SourceException">The source fails.</exception>
    public virtual Task<DateTimeOffset?> DateAsync(CancellationToken ct) => Task.FromResult<DateTimeOffset?>(null);
}
