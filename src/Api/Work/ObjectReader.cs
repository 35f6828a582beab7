using Relo.Api.Http.Limits;
using Relo.Core.Bytes;
using Relo.Core.Objects;
using Relo.Core.Report;

namespace Relo.Api.Work;

/// <summary>Reads objects within the limits of processor time and memory.</summary>
internal sealed class ObjectReader(WorkGate gate, MemoryBudget budget)
{
    /// <summary>Reads an object that is to be relocated, and calls <paramref name="use"/> with it.</summary>
    /// <param name="bytes">The file, which the request holds in memory.</param>
    /// <param name="use">Computes the result.</param>
    /// <param name="cancellation">Cancelled when the client disconnects.</param>
    /// <param name="digest">Its digest, if known.</param>
    /// <exception cref="MalformedObjectException">The object is malformed, or already relocated.</exception>
    public Task<T> ReadOriginalAsync<T>(ReadOnlyMemory<byte> bytes, Func<BpfObject, T> use, CancellationToken cancellation,
        Digest? digest = null)
        => ReadAsync(bytes, file => BpfObject.ReadOriginal(file, digest), use, cancellation);

    /// <summary>The same for any object.</summary>
    /// <exception cref="MalformedObjectException">The object is malformed.</exception>
    public Task<T> ReadAsync<T>(ReadOnlyMemory<byte> bytes, Func<BpfObject, T> use, CancellationToken cancellation, Digest? digest = null)
        => ReadAsync(bytes, file => BpfObject.Read(file, digest), use, cancellation);

    private Task<T> ReadAsync<T>(ReadOnlyMemory<byte> bytes, Func<ReadOnlyMemory<byte>, BpfObject> read, Func<BpfObject, T> use,
        CancellationToken cancellation)
        => gate.RunAsync(
            _ =>
            {
                using var memory = new WorkMemory(budget, besideBytes: bytes.Length);
                memory.Reach(MemoryNeed.ToRead(bytes.Span));
                var bpf = read(bytes);
                memory.Reach(MemoryNeed.ToRelocate(bpf));
                return use(bpf);
            },
            cancellation);
}
