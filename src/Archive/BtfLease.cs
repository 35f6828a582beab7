using Relo.Core.Btf;

namespace Relo.Archive;

/// <summary>The right to use an opened BTF until it is disposed.</summary>
public sealed class BtfLease : IDisposable
{
    /// <summary>The opened BTF. Not to be used after <see cref="Dispose"/>.</summary>
    public BtfTypes Types => throw new NotSupportedException();

    /// <summary>The raw bytes. Not to be used after <see cref="Dispose"/>.</summary>
    public ReadOnlyMemory<byte> Bytes => throw new NotSupportedException();

    /// <summary>Gives the BTF back.</summary>
    public void Dispose() => throw new NotSupportedException();
}
