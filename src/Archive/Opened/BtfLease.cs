using Relo.Core.Btf;

namespace Relo.Archive.Opened;

/// <summary>The right to use an opened BTF until it is disposed.</summary>
public sealed class BtfLease : IDisposable
{
    private readonly BtfTypes _types;
    private readonly ReadOnlyMemory<byte> _bytes;
    private Action? _giveBack;

    internal BtfLease(BtfTypes types, ReadOnlyMemory<byte> bytes, Action giveBack) =>
        (_types, _bytes, _giveBack) = (types, bytes, giveBack);

    /// <summary>The opened BTF. Do not use it after <see cref="Dispose"/>: its bytes may be unmapped.</summary>
    public BtfTypes Types => Living(_types);

    /// <summary>The raw bytes. Do not use them after <see cref="Dispose"/>.</summary>
    public ReadOnlyMemory<byte> Bytes => Living(_bytes);

    /// <summary>Releases the BTF; a second call does nothing.</summary>
    public void Dispose() => Interlocked.Exchange(ref _giveBack, null)?.Invoke();

    private T Living<T>(T value)
    {
        ObjectDisposedException.ThrowIf(_giveBack is null, this);
        return value;
    }
}
