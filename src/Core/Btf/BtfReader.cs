using Relo.Core.Bytes;

namespace Relo.Core.Btf;

/// <summary>Opens raw BTF (a kernel's, a module's, or an object's <c>.BTF</c> section) of either byte order.</summary>
public static class BtfReader
{
    /// <summary>Checks all of <paramref name="bytes"/> and indexes it; the bytes are kept, not copied.</summary>
    /// <param name="bytes">Raw BTF. Must stay unchanged and alive as long as the result is used.</param>
    /// <param name="splitBase">The BTF that split BTF (a module's) stands on.</param>
    /// <exception cref="MalformedObjectException">The bytes are no sound BTF (code <c>invalid-btf</c>).</exception>
    public static BtfTypes Read(ReadOnlyMemory<byte> bytes, BtfTypes? splitBase = null) => throw new NotSupportedException();
}
