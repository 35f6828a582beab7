using System.Buffers.Binary;
using System.IO.Compression;
using System.IO.Hashing;
using Relo.Archive.Blobs;

namespace Relo.Archive.KernelFiles.Unpacking;

/// <summary>
/// gzip as gzip(1) reads it (RFC 1952): members one after another. Data after the last member, such as a device tree after a kernel, is
/// ignored.
/// <code>
/// 1f 8b | 8 | flags 1 | time 4 | 2 | [extra 2 + n] [name NUL] [comment NUL] [header crc 2] | deflate … | crc32 4 | size modulo 4 GiB 4
/// </code>
/// </summary>
/// <remarks>
/// .NET's GZipStream accepts truncated input, and does not report where a member ends. This stream verifies each member's checksum and
/// size, and uses them to find its end: the decoder reads at most one buffer past it.
/// </remarks>
/// <param name="packed">The members.</param>
/// <param name="followed">Whether to read only the first member and ignore the rest.</param>
internal sealed class GzipMembersStream(ReadOnlyMemory<byte> packed, bool followed) : ReadStream
{
    private const int HeaderBytes = 10, TrailerBytes = 8, DecoderBufferBytes = 8192;
    private const byte HeaderCrc = 2, Extra = 4, Name = 8, Comment = 16, Reserved = 0xe0;

    // Each costs a decoder and produces nothing.
    private const int MaxEmptyMembers = 64;

    private static ReadOnlySpan<byte> EmptyData => [3, 0];

    private Crc32 _crc = new();
    private DeflateStream? _member;
    private BytesStream? _source;
    private uint _size;
    private int _next, _dataAt, _members, _empty;

    public override int Read(Span<byte> buffer)
    {
        if (buffer.IsEmpty) return 0;
        while (_member is not null || BeginMember())
        {
            var read = _member!.Read(buffer);
            if (read > 0)
            {
                _crc.Append(buffer[..read]);
                _size += (uint)read;
                return read;
            }

            EndMember();
        }

        return 0;
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing) _member?.Dispose();
        base.Dispose(disposing);
    }

    private bool BeginMember()
    {
        var rest = packed.Span[_next..];
        if (!rest.StartsWith((ReadOnlySpan<byte>)[0x1f, 0x8b, 8]))
            return _members > 0 ? false : throw new InvalidDataException("it does not begin with 1f8b08");
        if (_members > 0 && followed) return false;
        _dataAt = _next + HeaderLength(rest);
        _source = new(packed[_dataAt..]);
        _member = new(_source, CompressionMode.Decompress);
        (_crc, _size) = (new(), 0);
        _members++;
        return true;
    }

    private void EndMember()
    {
        Span<byte> trailer = stackalloc byte[TrailerBytes];
        BinaryPrimitives.WriteUInt32LittleEndian(trailer, _crc.GetCurrentHashAsUInt32());
        BinaryPrimitives.WriteUInt32LittleEndian(trailer[4..], _size);
        var consumed = (int)_source!.Position;
        var from = _dataAt + Math.Max(0, consumed - DecoderBufferBytes);
        var to = Math.Min(packed.Length, _dataAt + consumed + TrailerBytes);
        // An empty member's trailer is zeros, as is the end of its data.
        var at = _size == 0 && packed.Span[_dataAt..].StartsWith(EmptyData)
            && packed.Span[(_dataAt + EmptyData.Length)..to].StartsWith(trailer)
            ? _dataAt + EmptyData.Length - from
            : packed.Span[from..to].IndexOf(trailer);
        if (at < 0)
            throw new InvalidDataException(
                $"member {_members} ends early, or its checksum {_crc.GetCurrentHashAsUInt32():x8} or size {_size} does not match the one "
                + "stored after it");
        _next = from + at + TrailerBytes;
        _member!.Dispose();
        _member = null;
        _empty = _size == 0 ? _empty + 1 : 0;
        if (_empty > MaxEmptyMembers) throw new InvalidDataException($"more than {MaxEmptyMembers} empty members follow each other");
    }

    private static int HeaderLength(ReadOnlySpan<byte> member)
    {
        if (member.Length < HeaderBytes) throw Truncated();
        var flags = member[3];
        if ((flags & Reserved) != 0) throw new InvalidDataException($"flags {flags:x2} are unknown");
        var at = HeaderBytes;
        if ((flags & Extra) != 0)
        {
            if (member.Length - at < 2) throw Truncated();
            at += 2 + BinaryPrimitives.ReadUInt16LittleEndian(member[at..]);
        }

        if ((flags & Name) != 0) at = AfterText(member, at);
        if ((flags & Comment) != 0) at = AfterText(member, at);
        if ((flags & HeaderCrc) != 0) at += 2;
        return at < member.Length ? at : throw Truncated();
    }

    private static int AfterText(ReadOnlySpan<byte> member, int at) =>
        at < member.Length && member[at..].IndexOf((byte)0) is >= 0 and var length ? at + length + 1 : throw Truncated();

    private static EndOfStreamException Truncated() => new("the header of a member ends early");
}
