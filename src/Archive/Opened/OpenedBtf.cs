using Relo.Archive.Blobs;
using Relo.Core.Btf;

namespace Relo.Archive.Opened;

/// <summary>An open BTF: its bytes, its index and its types. Unmapped on disposal.</summary>
/// <param name="Blob">The BTF.</param>
/// <param name="Index">Its index; null if it is in memory.</param>
/// <param name="Key">Identifies the BTF of the index.</param>
/// <param name="Types">The types in the BTF.</param>
/// <param name="IndexBytes">Size of the index.</param>
internal sealed record OpenedBtf(MappedBlob Blob, MappedBlob? Index, BtfIndexKey Key, BtfTypes Types, int IndexBytes) : IDisposable
{
    /// <summary>Whether its digest was checked since it was opened.</summary>
    public bool IsWhole { get; set; }

    /// <summary>Maximum memory it can occupy, once every page has been read.</summary>
    public long SizeBytes => Blob.Memory.Length + (long)IndexBytes;

    public void Dispose()
    {
        ((IDisposable)Blob).Dispose();
        ((IDisposable?)Index)?.Dispose();
    }
}
