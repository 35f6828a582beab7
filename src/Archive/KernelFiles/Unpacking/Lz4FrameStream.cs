using System.Buffers.Binary;
using K4os.Compression.LZ4.Encoders;

namespace Relo.Archive.KernelFiles.Unpacking;

/// <summary>
/// The current LZ4 frame (lz4_Frame_format.md). Kernels use the legacy frame, but uploads may be compressed again.
/// <code>
/// 04 22 4d 18 | flags 1 | largest block 1 | [content size 8] [dictionary 4] | header check 1
/// | blocks: size 4, bytes, [check 4] | 0 4 | [content check 4]
/// </code>
/// </summary>
internal sealed class Lz4FrameStream : ReadStream
{
    private const uint IsStored = 0x8000_0000;

    private readonly Xxh32? _content;
    private readonly bool _hasBlockChecks, _isChained;
    private readonly int _blockBytes;
    private ReadOnlyMemory<byte> _rest;
    private ILZ4Decoder? _decoder;
    private int _ready;
    private bool _ended;

    public Lz4FrameStream(ReadOnlyMemory<byte> packed)
    {
        var header = packed.Span;
        if (header.Length < 7) throw new EndOfStreamException($"the frame has {header.Length} bytes, but its header needs 7");
        byte flags = header[4], block = header[5];
        if (flags >> 6 != 1) throw new InvalidDataException($"the frame has version {flags >> 6}, expected 1");
        if ((flags & 1) != 0) throw new InvalidDataException("the frame needs an external dictionary");
        // 4 to 7: 64 KiB, 256 KiB, 1 MiB, 4 MiB.
        var size = (block >> 4) & 7;
        if (size < 4) throw new InvalidDataException($"the frame's largest block has code {size}, expected 4 to 7");
        _blockBytes = 1 << (8 + (2 * size));
        _isChained = (flags & 0x20) == 0;
        _hasBlockChecks = (flags & 0x10) != 0;
        _content = (flags & 4) != 0 ? new() : null;
        var length = 6 + ((flags & 8) != 0 ? 8 : 0);
        if (header.Length <= length) throw new EndOfStreamException("the frame ends in its header");
        var check = new Xxh32();
        check.Add(header[4..length]);
        if ((byte)(check.Value >> 8) != header[length])
            throw new InvalidDataException($"the frame's header has check {header[length]:x2}, computed is {(byte)(check.Value >> 8):x2}");
        _rest = packed[(length + 1)..];
    }

    public override int Read(Span<byte> buffer)
    {
        if (buffer.IsEmpty) return 0;
        while (_ready == 0)
            if (!NextBlock()) return 0;
        var count = Math.Min(buffer.Length, _ready);
        Drain(buffer[..count]);
        _ready -= count;
        _content?.Add(buffer[..count]);
        return count;
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing) _decoder?.Dispose();
        base.Dispose(disposing);
    }

    private bool NextBlock()
    {
        if (_ended) return false;
        var head = Word();
        if (head == 0)
        {
            _ended = true;
            if (_content is { } content && Word() is var stored && stored != content.Value)
                throw new InvalidDataException($"the content has check {content.Value:x8}, stored is {stored:x8}");
            return false;
        }

        var length = head & ~IsStored;
        if (length > _blockBytes) throw new InvalidDataException($"a block has {length} bytes, at most {_blockBytes} are possible");
        if (length > (uint)_rest.Length) throw new EndOfStreamException($"a block has {length} bytes, {_rest.Length} are left");
        var block = _rest[..(int)length];
        _rest = _rest[(int)length..];
        if (_hasBlockChecks) CheckBlock(block.Span);
        Decode(block.Span, isStored: (head & IsStored) != 0);
        return true;
    }

    private unsafe void Decode(ReadOnlySpan<byte> block, bool isStored)
    {
        _decoder ??= LZ4Decoder.Create(_isChained, _blockBytes);
        fixed (byte* source = block)
        {
            _ready = isStored ? _decoder.Inject(source, block.Length) : _decoder.Decode(source, block.Length, _blockBytes);
        }

        if (_ready < 0) throw new InvalidDataException($"a block of {block.Length} bytes is damaged");
    }

    private unsafe void Drain(Span<byte> target)
    {
        fixed (byte* to = target) _decoder!.Drain(to, -_ready, target.Length);
    }

    private void CheckBlock(ReadOnlySpan<byte> block)
    {
        var check = new Xxh32();
        check.Add(block);
        if (Word() is var stored && stored != check.Value)
            throw new InvalidDataException($"a block has check {check.Value:x8}, stored is {stored:x8}");
    }

    private uint Word()
    {
        if (_rest.Length < 4) throw new EndOfStreamException($"{_rest.Length} bytes are left, expected 4 more");
        var word = BinaryPrimitives.ReadUInt32LittleEndian(_rest.Span);
        _rest = _rest[4..];
        return word;
    }
}
