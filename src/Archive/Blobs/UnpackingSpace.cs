using Relo.Core.StableForms;

namespace Relo.Archive.Blobs;

/// <summary>The memory in which packed BTF is unpacked, one after the other.</summary>
internal sealed class UnpackingSpace
{
    // A kernel takes ten megabytes.
    private const int MostKeptBytes = 64 << 20;

    private readonly StableFormReader _reader = new();
    private byte[] _frame = [];

    /// <summary>Whether it should be released instead of being used again.</summary>
    public bool IsLarge => _frame.Length + (long)_reader.LongestBytes > MostKeptBytes;

    /// <summary>The raw BTF. It stays until the next call. The caller checks its digest.</summary>
    /// <param name="blob">The packed BTF.</param>
    /// <param name="known">The stable form of the base; null unless the form is a difference.</param>
    /// <exception cref="ZstdSharp.ZstdException">The frame is damaged.</exception>
    /// <exception cref="Relo.Core.Bytes.MalformedObjectException">The stable form in it is damaged.</exception>
    public ReadOnlyMemory<byte> Unpack(PackedBlob blob, byte[]? known)
    {
        var size = blob.Form == StoredForm.Raw ? blob.SizeBytes : blob.FormBytes;
        if (_frame.Length < size) _frame = GC.AllocateUninitializedArray<byte>(size);
        Zstd.Decompress(blob.Frame.Span, _frame.AsSpan(0, size), known);
        return blob.Form == StoredForm.Raw ? _frame.AsMemory(0, size) : _reader.Read(_frame.AsSpan(0, size));
    }
}
