using Relo.Archive;
using Relo.Core.Bytes;

namespace Relo.Api.Relocations;

/// <summary>What a relocation depends on: kernels of one BTF may differ in the modules whose BTF is known.</summary>
internal readonly record struct RelocationKey(Digest Object, Digest Btf, IReadOnlyList<KernelModule> Modules)
{
    /// <summary>Of an object on a kernel.</summary>
    public static RelocationKey Of(Digest digest, Kernel kernel) => new(digest, kernel.Btf, kernel.ModuleBtf);

    /// <inheritdoc/>
    public bool Equals(RelocationKey other) => Object == other.Object && Btf == other.Btf
        && (ReferenceEquals(Modules, other.Modules) || Modules.Select(m => (m.Name, m.Btf)).SequenceEqual(other.Modules.Select(m => (m.Name, m.Btf))));

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(Object, Btf);
}
