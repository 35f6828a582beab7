using Relo.Archive.Blobs;
using Relo.Core.Btf;

namespace Relo.Archive.Opened;

/// <summary>A BTF that is open: its bytes, its index, and what they say. Unmapped on disposal.</summary>
/// <param name="Blob">The BTF.</param>
/// <param name="Index">Its index; null where that is in memory.</param>
/// <param name="Key">What the index is of.</param>
/// <param name="Types">The BTF as values.</param>
/// <param name="IndexBytes">Size of the index.</param>
internal sealed record OpenedBtf(MappedBlob Blob, MappedBlob? Index, BtfIndexKey Key, BtfTypes Types, int IndexBytes) : IDisposable
{
    /// <summary>Whether its bytes were all read since it was opened, and were the ones that were stored.</summary>
    public bool IsWhole { get; set; }

    /// <summary>What it may take of memory: all of it, once every page was looked at.</summary>
    public long SizeBytes => Blob.Memory.Length + (long)IndexBytes;

    public void Dispose()
    {
        ((IDisposable)Blob).Dispose();
        ((IDisposable?)Index)?.Dispose();
    }
}
