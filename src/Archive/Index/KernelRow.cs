using Microsoft.Data.Sqlite;
using Relo.Archive.Kernels;
using Relo.Archive.Opened;
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

    /// <summary>Size and time of the imported file, so that the next import knows it without unpacking.</summary>
    public long? FileSizeBytes { get; set; }

    /// <summary>See <see cref="FileSizeBytes"/>.</summary>
    public long? FileModifiedAt { get; set; }

    /// <summary>GNU build-id of the kernel, in lower-case hexadecimal digits; null where it is not known.</summary>
    public string? BuildId { get; set; }

    /// <summary>What the kernel says in <c>/proc/version</c>; null where it is not known, empty where files of this kernel say different things.</summary>
    public string? Banner { get; set; }

    /// <summary>Its modules, and its <see cref="InlineSites"/>, where the query included them.</summary>
    public List<ModuleRow> Modules { get; } = [];

    /// <summary>Takes over what another file of the same kernel says.</summary>
    public void Learn(KernelRow other)
    {
        BuildId ??= other.BuildId;
        Banner = Banner is null || other.Banner is null || Banner == other.Banner ? Banner ?? other.Banner : "";
        (FileSizeBytes, FileModifiedAt) = (other.FileSizeBytes ?? FileSizeBytes, other.FileModifiedAt ?? FileModifiedAt);
    }

    /// <exception cref="SqliteException">A value cannot be ours.</exception>
    public Kernel ToKernel()
    {
        try
        {
            return Convert();
        }
        catch (Exception e) when (DamagedRow.IsCauseOf(e))
        {
            throw DamagedRow.In("Kernels or Modules", e);
        }
    }

    private Kernel Convert()
    {
        // The spelling again: an older version of this program may have had another one.
        var kernel = new Kernel(Id, Distro, Version, KernelName.Arch(Arch), Release, Digest.Parse(Btf), BtfSizeBytes, Source, new DateTimeOffset(AddedAt, TimeSpan.Zero), []) { BuildId = BuildId, Banner = Banner };
        if (Modules.Count == 0) return kernel;
        // By name, so that the order in which modules are searched does not hang on the order in which they came.
        KernelModule[] all = [.. Modules.OrderBy(m => m.Name, StringComparer.Ordinal).Select(m => m.ToModule())];
        KernelModule[] modules = [.. all.Where(m => InlineSites.BaseOf(m.Name) is null)], inline = [.. all.Except(modules)];
        kernel = kernel with { Modules = [.. modules.Select(m => m.Name)], ModuleBtf = [.. modules] };
        return inline.Length == 0 ? kernel : kernel with { InlineSites = [.. inline.Select(m => InlineSites.BaseOf(m.Name)!)], InlineBtf = [.. inline] };
    }
}
