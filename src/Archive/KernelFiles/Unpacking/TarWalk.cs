using System.Buffers.Binary;
using System.Formats.Tar;
using System.Text;

namespace Relo.Archive.KernelFiles.Unpacking;

/// <summary>
/// Reads a tar member by member, streaming. .NET's TarReader trusts the length of a long name, so a tar of one kilobyte can make it
/// allocate 1.6 GB. This reader limits names to 64 KiB.
/// <code>
/// 0 name 100 | mode owner | 124 size 12 | time | 148 checksum 8 | 156 type 1 | link 100 | 257 "ustar" | … | 345 prefix 155 | 500
/// </code>
/// </summary>
/// <param name="tar">The tar.</param>
/// <param name="ct">Cancels.</param>
/// <param name="isConcatenated">Whether another tar may follow the zeros that end one, as in Alpine's packages.</param>
internal sealed class TarWalk(Stream tar, CancellationToken ct, bool isConcatenated = false)
{
    private const int BlockBytes = 512, MaxNameBytes = 64 << 10;
    private const byte LongName = (byte)'L', LongLink = (byte)'K', Attributes = (byte)'x', GlobalAttributes = (byte)'g';

    private readonly byte[] _header = new byte[BlockBytes];
    private long _left; // of the member's content
    private int _padding;

    public static bool Recognises(ReadOnlySpan<byte> head) => head.Length > 262 && head[257..].StartsWith("ustar"u8);

    /// <summary>The next member; null at the end.</summary>
    /// <exception cref="KernelFileException">The tar is truncated or damaged.</exception>
    public TarMember? Next()
    {
        string? longName = null;
        long? longSize = null;
        while (true)
        {
            Skip(_left + _padding);
            (_left, _padding) = (0, 0);
            if (!ReadHeader()) return null;
            var size = longSize ?? Number(_header.AsSpan(124, 12), "size");
            if (size > long.MaxValue - BlockBytes) throw new KernelFileException($"the tar is damaged: a member has {size} bytes");
            _left = size;
            _padding = (int)(-size & (BlockBytes - 1));
            switch (_header[156])
            {
                case LongName:
                    longName = Text(ReadText(size));
                    break;
                case Attributes:
                    ReadAttributes(ReadText(size), ref longName, ref longSize);
                    break;
                case LongLink or GlobalAttributes:
                    break; // neither names a file
                default:
                    return new(longName ?? NameOf(_header), (TarEntryType)(_header[156] == 0 ? (byte)'0' : _header[156]), size);
            }
        }
    }

    /// <summary>Reads the content of the current member.</summary>
    public int Read(Span<byte> buffer)
    {
        if (buffer.Length > _left) buffer = buffer[..(int)_left];
        if (buffer.IsEmpty) return 0;
        var read = tar.Read(buffer);
        if (read == 0) throw Truncated();
        _left -= read;
        return read;
    }

    /// <summary>The content of the current member as a stream.</summary>
    public Stream Content() => new MemberStream(this);

    // Two zero blocks end a tar, but some writers omit them.
    private bool ReadHeader()
    {
        var isAfterEnd = false;
        for (; ; isAfterEnd = true)
        {
            ct.ThrowIfCancellationRequested();
            var got = tar.ReadAtLeast(_header, BlockBytes, throwOnEndOfStream: false);
            if (got == 0 || (got < BlockBytes && isAfterEnd)) return false;
            if (got < BlockBytes) throw Truncated();
            if (_header.AsSpan().ContainsAnyExcept((byte)0)) break;
            if (!isConcatenated) return false;
        }

        if (isAfterEnd && !Recognises(_header)) return false;
        var sum = 8 * ' ';
        for (var i = 0; i < BlockBytes; i++)
            if (i is < 148 or >= 156) sum += _header[i];
        var stored = Number(_header.AsSpan(148, 8), "checksum");
        return stored == sum
            ? true
            : throw new KernelFileException($"the tar is damaged: a header has checksum {stored}, computed is {sum}");
    }

    private byte[] ReadText(long size)
    {
        if (size > MaxNameBytes) throw new KernelFileException($"the tar has a name of {size} bytes, at most {MaxNameBytes} are accepted");
        var bytes = new byte[size];
        for (var at = 0; at < bytes.Length;) at += Read(bytes.AsSpan(at));
        return bytes;
    }

    // "31 path=a/very/long/name\n": its own length, a key, a value.
    private static void ReadAttributes(ReadOnlySpan<byte> rest, ref string? name, ref long? size)
    {
        while (!rest.IsEmpty)
        {
            var space = rest.IndexOf((byte)' ');
            if (space <= 0 || !int.TryParse(rest[..space], out var length) || length <= space + 1 || length > rest.Length)
                throw new KernelFileException("the tar is damaged: an extended header is not a list of lengths, keys and values");
            var pair = rest[(space + 1)..length].TrimEnd((byte)'\n');
            if (pair.StartsWith("path="u8)) name = Text(pair[5..]);
            if (pair.StartsWith("size="u8))
                size = long.TryParse(pair[5..], out var value) && value >= 0
                    ? value
                    : throw new KernelFileException("the tar is damaged: an extended header has an invalid size");
            rest = rest[length..];
        }
    }

    private static string NameOf(ReadOnlySpan<byte> header)
    {
        var name = Text(header[..100]);
        // GNU headers ("ustar" and a space) have times in place of the prefix.
        var prefix = header[262] == 0 ? Text(header.Slice(345, 155)) : "";
        return prefix.Length == 0 ? name : $"{prefix}/{name}";
    }

    private static string Text(ReadOnlySpan<byte> bytes)
    {
        var end = bytes.IndexOf((byte)0);
        return Encoding.UTF8.GetString(end < 0 ? bytes : bytes[..end]);
    }

    // Octal digits; above 8 GiB, the first bit is set and the number is binary.
    private static long Number(ReadOnlySpan<byte> field, string what)
    {
        if (field[0] == 0x80) return BinaryPrimitives.ReadInt64BigEndian(field[^8..]) is >= 0 and var wide ? wide : throw Bad(field);
        long value = 0;
        foreach (var c in field.Trim(" \0"u8))
        {
            if (c is < (byte)'0' or > (byte)'7') throw Bad(field);
            value = (value << 3) | (uint)(c - '0');
        }

        return value;

        KernelFileException Bad(ReadOnlySpan<byte> bytes) =>
            new($"the tar is damaged: {what} is {Convert.ToHexStringLower(bytes)}, expected octal digits");
    }

    private void Skip(long bytes)
    {
        if (bytes == 0) return;
        if (tar.CanSeek)
        {
            if (bytes > tar.Length - tar.Position) throw Truncated();
            tar.Position += bytes;
            return;
        }

        var piece = new byte[64 << 10];
        while (bytes > 0)
        {
            ct.ThrowIfCancellationRequested();
            var read = tar.Read(piece, 0, (int)Math.Min(piece.Length, bytes));
            if (read == 0) throw Truncated();
            bytes -= read;
        }
    }

    private static KernelFileException Truncated() => new("the tar is truncated");

    private sealed class MemberStream(TarWalk walk) : ReadStream
    {
        public override int Read(Span<byte> buffer) => walk.Read(buffer);
    }
}
