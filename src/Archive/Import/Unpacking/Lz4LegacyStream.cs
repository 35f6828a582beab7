using System.Buffers;
using System.Buffers.Binary;
using K4os.Compression.LZ4;

namespace Relo.Archive.Import.Unpacking;

/// <summary>
/// The frame that <c>lz4 -l</c> makes and kernels are packed with: magic, then blocks, each a length and as many bytes, 8 MiB unpacked
/// at most. There is no end mark and no checksum. A length with nothing behind it is the size that the kernel's build appends.
/// </summary>
internal sealed class Lz4LegacyStream : ReadStream
{
    private const int MagicBytes = 4, BlockBytes = 8 << 20;

    // A byte of LZ4 stands for 255 at most: what is no more than a place that looks like LZ4 takes no 8 MiB.
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
        // Only the last block may be less than full; whatever follows it (in an image that does not say where its payload ends) is not ours.
        if (_rest.IsEmpty || _filled is > 0 and < BlockBytes) return false;
        if (_rest.Length < 4) throw new EndOfStreamException($"{_rest.Length} bytes are left, the length of a block has 4");
        var length = BinaryPrimitives.ReadUInt32LittleEndian(_rest.Span);
        _rest = _rest[4..];
        if (_rest.IsEmpty || (length == 0 && _filled > 0)) return false; // the size that the build appends, or padding
        if (length == 0 || length > (uint)LZ4Codec.MaximumOutputSize(BlockBytes)) throw new InvalidDataException($"a block has {length} bytes, at most {LZ4Codec.MaximumOutputSize(BlockBytes)} are possible");
        if (length > (uint)_rest.Length) throw new EndOfStreamException($"a block has {length} bytes, {_rest.Length} are left");
        var room = (int)Math.Min(BlockBytes, (length * (long)MostForAByte) + MostForAByte);
        if (_block.Length < room)
        {
            Release(); // an image has many places that look like LZ4, one after another: they take the same memory
            _block = ArrayPool<byte>.Shared.Rent(room);
        }

        var filled = LZ4Codec.Decode(_rest.Span[..(int)length], _block.AsSpan(0, Math.Min(BlockBytes, _block.Length)));
        if (filled <= 0) throw new InvalidDataException($"a block of {length} bytes is damaged");
        _rest = _rest[(int)length..];
        (_at, _filled) = (0, filled);
        return true;
    }
}
