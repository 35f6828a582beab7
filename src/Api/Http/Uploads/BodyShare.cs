using System.Runtime.InteropServices;
using Relo.Api.Http.Limits;
using Relo.Api.Http.Problems;

namespace Relo.Api.Http.Uploads;

/// <summary>One request's share of <see cref="BodyMemory"/>. Not thread-safe.</summary>
internal sealed class BodyShare(BodyMemory memory) : IDisposable
{
    private long _taken;

    /// <summary>An uninitialised array that counts towards the share; only the part that was read into may be used.</summary>
    /// <exception cref="RefusedException">The memory is exhausted, by other requests for now or by this request alone.</exception>
    public byte[] Array(long bytes)
    {
        if (_taken + bytes > memory.MostBytes) throw new RefusedException(Problem.BodyTooLarge("what the upload needs in memory", memory.MostBytes, nameof(LimitOptions.BodyBytes)));
        memory.Take(bytes);
        _taken += bytes;
        return GC.AllocateUninitializedArray<byte>(checked((int)bytes));
    }

    /// <summary>Releases an array that is no longer referenced.</summary>
    public void GiveBack(byte[] array) => GiveBack(array.Length);

    /// <summary>Releases all arrays except the one with these bytes.</summary>
    public void KeepOnly(ReadOnlyMemory<byte> bytes)
        => GiveBack(_taken - (MemoryMarshal.TryGetArray(bytes, out var array) && !bytes.IsEmpty ? array.Array!.Length : 0));

    /// <inheritdoc/>
    public void Dispose() => GiveBack(_taken);

    private void GiveBack(long bytes)
    {
        memory.GiveBack(bytes);
        _taken -= bytes;
    }
}
