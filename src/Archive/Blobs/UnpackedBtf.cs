namespace Relo.Archive.Blobs;

/// <summary>BTF that was unpacked. Dispose it; its memory is then used for the next.</summary>
/// <param name="bytes">The raw BTF; its digest was checked.</param>
/// <param name="release">Takes the memory back.</param>
internal sealed class UnpackedBtf(ReadOnlyMemory<byte> bytes, Action release) : IDisposable
{
    /// <summary>The raw BTF.</summary>
    public ReadOnlySpan<byte> Bytes => bytes.Span;

    public void Dispose() => release();
}
