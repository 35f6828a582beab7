using System.Buffers;
using System.Buffers.Binary;
using K4os.Compression.LZ4;

namespace Relo.Archive.KernelFiles.Unpacking;

/// <summary>
/// The legacy frame (<c>lz4 -l</c>), used for kernels: the magic, then blocks, each a length and that many bytes, at most 8 MiB unpacked.
/// It has no end mark and no checksum. A length with nothing after it is the size that the kernel's build appends.
/// </summary>
internal sealed class Lz4LegacyStream : ReadStream
{
    private const int MagicBytes = 4, BlockBytes = 8 << 20;

    // A byte of LZ4 expands to at most 255, so that false matches do not allocate 8 MiB.
    private const int MostForAByte = 255;

    private byte[] _block = [];
    private ReadOnlyMemory<byte> _rest;
    private int _at, _filled;

    public Lz4LegacyStream(ReadOnlyMemory<byte> packed) => _rest = packed[MagicBytes..];

    public override int Read(Span<byte> buffer)
    {
        if (buffer.IsEmpty || (_at == _filled && !NextBlock())) return 0;
        var count = Math.Min(buffer.Length, _filled - _at);
        _block.AsSpan(_at, count).CopyTo(buffer);
        _at += count;
        return count;
    }

    protected override void Dispose(bool disposing)
    {
        Release();
        base.Dispose(disposing);
    }

    private void Release()
    {
        if (_block.Length > 0) ArrayPool<byte>.Shared.Return(_block);
        _block = [];
        (_at, _filled) = (0, 0);
    }

    private bool NextBlock()
    {
        // Only the last block may be partial; anything after it belongs to the image.
        if (_rest.IsEmpty || _filled is > 0 and < BlockBytes) return false;
        if (_rest.Length < 4) throw new EndOfStreamException($"{_rest.Length} bytes are left, the length of a block has 4");
        var length = BinaryPrimitives.ReadUInt32LittleEndian(_rest.Span);
        _rest = _rest[4..];
        if (_rest.IsEmpty || (length == 0 && _filled > 0)) return false; // the size that the build appends, or padding
        if (length == 0 || length > (uint)LZ4Codec.MaximumOutputSize(BlockBytes))
            throw new InvalidDataException($"a block has {length} bytes, at most {LZ4Codec.MaximumOutputSize(BlockBytes)} are possible");
        if (length > (uint)_rest.Length) throw new EndOfStreamException($"a block has {length} bytes, {_rest.Length} are left");
        var room = (int)Math.Min(BlockBytes, (length * (long)MostForAByte) + MostForAByte);
        if (_block.Length < room)
        {
            Release(); // pooled, because an image has many false matches
            _block = ArrayPool<byte>.Shared.Rent(room);
        }

        var filled = LZ4Codec.Decode(_rest.Span[..(int)length], _block.AsSpan(0, Math.Min(BlockBytes, _block.Length)));
        if (filled <= 0) throw new InvalidDataException($"a block of {length} bytes is damaged");
        _rest = _rest[(int)length..];
        (_at, _filled) = (0, filled);
        return true;
    }
}
