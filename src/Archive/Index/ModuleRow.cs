using Relo.Archive.Kernels;
using Relo.Core.Bytes;

namespace Relo.Archive.Index;

/// <summary>A kernel's module on disk. Deleted with its kernel: its split BTF is useless on another.</summary>
internal sealed class ModuleRow
{
    public required string KernelId { get; init; }
    public required string Name { get; init; }

    /// <summary>64 hexadecimal digits.</summary>
    public required string Btf { get; set; }
    public required long BtfSizeBytes { get; set; }
    public required long AddedAt { get; set; }

    public KernelModule ToModule() => Module(Name, Btf, BtfSizeBytes);

    /// <summary>A module in memory. All kernels have the same few thousand names, so each is kept once.</summary>
    public static KernelModule Module(string name, string btf, long bytes) => new(string.Intern(name), Digest.Parse(btf), bytes);
}
