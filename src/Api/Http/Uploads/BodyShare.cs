using System.Runtime.InteropServices;
using Relo.Api.Http.Limits;
using Relo.Api.Http.Problems;

namespace Relo.Api.Http.Uploads;

/// <summary>What one request has taken of <see cref="BodyMemory"/>. For one thread at a time.</summary>
internal sealed class BodyShare(BodyMemory memory) : IDisposable
{
    private long _taken;

    /// <summary>An uninitialised array that counts; only what was read into it may be looked at.</summary>
    /// <exception cref="RefusedException">Too much is taken: by others for now, or by this request alone.</exception>
    public byte[] Array(long bytes)
    {
        if (_taken + bytes > memory.MostBytes) throw new RefusedException(Problem.BodyTooLarge("what the upload needs in memory", memory.MostBytes, nameof(LimitOptions.BodyBytes)));
        memory.Take(bytes);
        _taken += bytes;
        return GC.AllocateUninitializedArray<byte>(checked((int)bytes));
    }

    /// <summary>Releases an array that nothing refers to any more.</summary>
    public void GiveBack(byte[] array) => GiveBack(array.Length);

    /// <summary>Releases all but the array of these bytes.</summary>
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
