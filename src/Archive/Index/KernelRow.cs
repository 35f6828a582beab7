using Relo.Archive.Faults;
using Relo.Archive.Kernels;
using Relo.Archive.Naming;
using Relo.Core.Bytes;

namespace Relo.Archive.Index;

/// <summary>A kernel on disk. Times are UTC ticks: SQLite has no type that orders them.</summary>
internal sealed class KernelRow
{
    public required string Id { get; init; }
    public required string Distro { get; init; }
    public required string Version { get; init; }
    public required string Arch { get; init; }
    public required string Release { get; init; }

    /// <summary>64 hexadecimal digits.</summary>
    public required string Btf { get; set; }
    public required long BtfSizeBytes { get; set; }
    public required string Source { get; set; }
    public required long AddedAt { get; set; }

    /// <summary>Size of the imported file; with its time, lets the next import skip the file without unpacking it.</summary>
    public long? FileSizeBytes { get; set; }

    /// <summary>See <see cref="FileSizeBytes"/>.</summary>
    public long? FileModifiedAt { get; set; }

    /// <summary>GNU build-id of the kernel, in lower-case hexadecimal digits; null if unknown.</summary>
    public string? BuildId { get; set; }

    /// <summary>The kernel's <c>/proc/version</c> text; null if unknown, empty if files of this kernel disagree.</summary>
    public string? Banner { get; set; }

    /// <summary>Its modules and <see cref="InlineSites"/>, if the query included them.</summary>
    public List<ModuleRow> Modules { get; } = [];

    /// <summary>Merges build-id, banner and file stamp from another file of the same kernel.</summary>
    public void Learn(KernelRow other)
    {
        BuildId ??= other.BuildId;
        Banner = Banner is null || other.Banner is null || Banner == other.Banner ? Banner ?? other.Banner : "";
        (FileSizeBytes, FileModifiedAt) = (other.FileSizeBytes ?? FileSizeBytes, other.FileModifiedAt ?? FileModifiedAt);
    }

    /// <summary>The kernel with the modules of <see cref="Modules"/>.</summary>
    /// <exception cref="DamagedDatabaseException">The row holds a value that we never write.</exception>
    public Kernel ToKernel() => ToKernel([.. Modules.Select(module => module.ToModule())]);

    /// <summary>The kernel with these modules and inline sites, an array that it keeps.</summary>
    /// <exception cref="DamagedDatabaseException">As above.</exception>
    public Kernel ToKernel(KernelModule[] modules)
    {
        try
        {
            return Convert(modules);
        }
        catch (Exception e) when (DamagedRow.IsCauseOf(e))
        {
            throw DamagedRow.In("Kernels or Modules", e);
        }
    }

    private Kernel Convert(KernelModule[] parts)
    {
        // Normalized again: an older version of this program may have spelled it differently.
        var kernel = new Kernel(
            Id, Distro, Version, KernelName.Arch(Arch), Release, Digest.Parse(Btf), BtfSizeBytes, Source,
            new DateTimeOffset(AddedAt, TimeSpan.Zero), [])
        { BuildId = BuildId, Banner = Banner };
        if (parts.Length == 0) return kernel;
        // Sorted by name, so that the search order does not depend on the order of import.
        Array.Sort(parts, (one, other) => string.CompareOrdinal(one.Name, other.Name));
        var inline = Array.FindAll(parts, part => InlineSites.BaseOf(part.Name) is not null);
        var modules = inline.Length == 0 ? parts : Array.FindAll(parts, part => InlineSites.BaseOf(part.Name) is null);
        kernel = kernel with { Modules = Array.ConvertAll(modules, m => m.Name), ModuleBtf = KernelModules.OfArray(modules) };
        return inline.Length == 0
            ? kernel
            : kernel with { InlineSites = [.. inline.Select(m => InlineSites.BaseOf(m.Name)!)], InlineBtf = [.. inline] };
    }
}
