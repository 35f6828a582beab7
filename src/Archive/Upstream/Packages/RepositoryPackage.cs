namespace Relo.Archive.Upstream.Packages;

/// <summary>A package with a kernel, or with modules of one, in the index of a repository.</summary>
/// <param name="Kind">What is in it.</param>
/// <param name="Release"><c>uname -r</c> of its kernel.</param>
/// <param name="File">Its path below the root of the repository.</param>
/// <param name="SizeBytes">Its size.</param>
/// <param name="Checksum">Its checksum.</param>
internal sealed record RepositoryPackage(KernelPackageKind Kind, string Release, string File, long SizeBytes, PackageChecksum Checksum)
{
    /// <summary>The most in one index.</summary>
    public const int MostInIndex = 50_000;

    /// <summary>Packages that only depend on a kernel's package are smaller.</summary>
    public const long LeastBytes = 64 << 10;

    /// <summary>Its architecture, if one index lists several.</summary>
    public string? Arch { get; init; }

    /// <summary>Whether it has a signature of its own, in a file beside it.</summary>
    public bool IsSigned { get; init; }

    /// <summary>When it was built, if the index says.</summary>
    public DateTimeOffset? BuiltAt { get; init; }
}
