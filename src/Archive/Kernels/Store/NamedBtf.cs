using Relo.Core.Btf;

namespace Relo.Archive.Kernels.Store;

/// <summary>BTF to store for a kernel, under the name of a module or of inline sites.</summary>
internal sealed record NamedBtf(string Name, ReadOnlyMemory<byte> Btf)
{
    /// <summary>Hashes of the names in it, for <see cref="ModuleNames"/>.</summary>
    public uint[] NameHashes { get; init; } = [];
}
