using Relo.Archive.KernelFiles;
using Relo.Archive.Kernels;
using Relo.Core.Bytes;

namespace Relo.Archive.Upstream;

/// <summary>A downloaded file of a kernel.</summary>
/// <param name="Path">Its path in the source.</param>
/// <param name="SizeBytes">Its size.</param>
/// <param name="Digest">Its digest.</param>
internal sealed record SourceFile(string Path, long SizeBytes, Digest Digest)
{
    /// <summary>The bytes downloaded for it, with those of other files of the kernel.</summary>
    public long DownloadedBytes { get; init; } = SizeBytes;

    /// <summary>What the archive keeps of it; null if it is not usable.</summary>
    public KernelFile? Kernel { get; init; }

    /// <summary>The kernel's description.</summary>
    public KernelDescription Description { get; init; } = new();

    /// <summary>Why it is not usable; null if it is.</summary>
    public string? Fault { get; init; }

    /// <summary>Whether the same file may be usable at another time.</summary>
    public bool IsPassing { get; init; }

    /// <summary>
    /// Whether the bytes are not those that the source lists, or lack its signature: they are refused, but another download may be sound.
    /// </summary>
    public bool IsDamaged { get; init; }

    /// <summary>The file in messages.</summary>
    public string Text => $"{Path} ({SizeBytes} bytes, {Digest})";
}
