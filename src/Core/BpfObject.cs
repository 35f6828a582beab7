using Relo.Core.Bytes;

namespace Relo.Core;

/// <summary>A BPF object opened for relocation: everything that needs no kernel. Immutable; read once, relocated against any number of kernels, by any number of threads.</summary>
public sealed class BpfObject
{
    /// <summary>The object as it came.</summary>
    public ReadOnlyMemory<byte> Bytes { get; }

    /// <summary>Reads an ELF64 BPF object of either byte order.</summary>
    /// <exception cref="MalformedObjectException">Codes <c>not-a-bpf-object</c>, <c>malformed-object</c>, <c>no-btf</c>.</exception>
    public static BpfObject Read(ReadOnlyMemory<byte> bytes) => throw new NotSupportedException();

    private BpfObject(ReadOnlyMemory<byte> bytes) => Bytes = bytes;
}
