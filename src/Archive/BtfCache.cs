using Relo.Core.Bytes;

namespace Relo.Archive;

/// <summary>Opened kernel BTF: memory-mapped, shared by all requests, bounded by bytes, opened once however many ask at once.</summary>
public sealed class BtfCache
{
    /// <summary>Opens the BTF with this digest. Dispose the lease when done: its bytes are unmapped after the last one.</summary>
    /// <returns>Null where the archive has no such BTF.</returns>
    /// <exception cref="CorruptBlobException">The stored bytes are not the ones that were stored.</exception>
    public BtfLease? Open(Digest btf) => throw new NotSupportedException();
}
