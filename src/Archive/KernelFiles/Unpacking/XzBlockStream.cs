using System.Buffers.Binary;
using System.IO.Hashing;
using Relo.Archive.Blobs;
using SharpCompress.Compressors.LZMA;

namespace Relo.Archive.KernelFiles.Unpacking;

/// <summary>
/// The first block of an xz in a boot image. SharpCompress's xz stream fails on x86-filtered blocks read in pieces and on bytes after the
/// stream, so this uses only its LZMA2 decoder, and implements the filter and the check.
/// </summary>
internal sealed class XzBlockStream : ReadStream
{
    private readonly BytesStream _packed;
    private readonly LzmaStream _lzma;
    private readonly X86Filter? _filter;
    private readonly Crc32 _crc = new();
    private readonly byte[] _piece = new byte[64 << 10];
    private int _at, _ready, _filled;
    private bool _ended;

    /// <exception cref="InvalidDataException">Its window is too large.</exception>
    public XzBlockStream(ReadOnlyMemory<byte> file, XzBlock block)
    {
        XzBlock.CheckDictionary(block.Dictionary);
        _packed = new(file[block.DataAt..]);
        _lzma = LzmaStream.Create([block.Dictionary], _packed, -1, -1, null, isLzma2: true, leaveOpen: false);
        _filter = block.HasX86Filter ? new() : null;
    }

    public override int Read(Span<byte> buffer)
    {
        if (buffer.IsEmpty) return 0;
        while (_at == _ready && !_ended) Fill();
        var count = Math.Min(buffer.Length, _ready - _at);
        _piece.AsSpan(_at, count).CopyTo(buffer);
        _at += count;
        return count;
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing) _lzma.Dispose();
        base.Dispose(disposing);
    }

    // piece:  | returned | filtered, ready | too few bytes to filter yet |
    //         0          _at             _ready                                   _filled
    private void Fill()
    {
        _piece.AsSpan(_ready.._filled).CopyTo(_piece);
        _filled -= _ready;
        var read = _lzma.Read(_piece, _filled, _piece.Length - _filled);
        _filled += read;
        _ended = read == 0;
        (_at, _ready) = (0, _ended || _filter is null ? _filled : _filter.Decode(_piece.AsSpan(0, _filled)));
        _crc.Append(_piece.AsSpan(0, _ready));
        if (_ended) Check();
    }

    private void Check()
    {
        // The block is padded to four bytes from its start, which is aligned to four.
        _packed.Position = (_packed.Position + 3) & ~3L;
        Span<byte> stored = stackalloc byte[4];
        if (_packed.Read(stored) < stored.Length) throw new InvalidDataException("the check after the block is missing");
        if (BinaryPrimitives.ReadUInt32LittleEndian(stored) is var expected && expected != _crc.GetCurrentHashAsUInt32())
            throw new InvalidDataException($"the block has CRC32 {_crc.GetCurrentHashAsUInt32():x8}, stored is {expected:x8}");
    }
}
