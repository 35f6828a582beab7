using System.Globalization;
using System.Text;
using Relo.Archive.KernelFiles.Unpacking;

namespace Relo.Archive.KernelFiles.Packages;

/// <summary>
/// Reads a cpio in rpm's format ("newc") member by member, streaming.
/// <code>
/// "070701" | 13 numbers of 8 hex digits: inode, mode, …, [6] size, …, [11] bytes of the name with its NUL, check
/// | name | to 4 | content | to 4
/// </code>
/// </summary>
internal sealed class CpioWalk(Stream cpio, CancellationToken ct)
{
    private const int HeaderBytes = 110, MaxNameBytes = 4096;
    private const int ModeField = 1, SizeField = 6, NameField = 11;
    private const uint FileTypeMask = 0xf000, RegularFile = 0x8000;

    private readonly byte[] _header = new byte[HeaderBytes];
    private long _left;
    private int _padding;

    /// <summary>The next member; null at the end.</summary>
    /// <exception cref="KernelFileException">The cpio is truncated or damaged.</exception>
    public CpioMember? Next()
    {
        Skip(_left + _padding);
        Fill(_header);
        if (_header.AsSpan().StartsWith("07070X"u8))
            throw new KernelFileException(
                "the rpm's payload has the format for files over 4 GiB (07070X), which is not supported; no kernel is that large: expected "
                + "the kernel's own package");
        if (!_header.AsSpan().StartsWith("070701"u8) && !_header.AsSpan().StartsWith("070702"u8))
            throw new KernelFileException(
                $"the rpm's payload is damaged: a cpio member begins with {Convert.ToHexStringLower(_header.AsSpan(0, 6))}, expected "
                + "303730373031 ('070701')");
        var nameBytes = Number(NameField);
        if (nameBytes is 0 or > MaxNameBytes)
            throw new KernelFileException($"the rpm's payload has a name of {nameBytes} bytes, expected 1 to {MaxNameBytes}");
        var name = new byte[nameBytes];
        Fill(name);
        Skip((int)(-(HeaderBytes + nameBytes) & 3));
        _left = Number(SizeField);
        _padding = (int)(-_left & 3);
        var text = Encoding.UTF8.GetString(name.AsSpan().TrimEnd((byte)0));
        return text == "TRAILER!!!" ? null : new(text, (Number(ModeField) & FileTypeMask) == RegularFile, _left);
    }

    /// <summary>The content of the current member.</summary>
    public Stream Content() => new MemberStream(this);

    private int Read(Span<byte> buffer)
    {
        if (buffer.Length > _left) buffer = buffer[..(int)_left];
        if (buffer.IsEmpty) return 0;
        var read = cpio.Read(buffer);
        if (read == 0) throw Truncated();
        _left -= read;
        return read;
    }

    private uint Number(int field)
    {
        var digits = Encoding.ASCII.GetString(_header.AsSpan(6 + (field * 8), 8));
        return uint.TryParse(digits, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var value)
            ? value
            : throw new KernelFileException($"the rpm's payload is damaged: a number is '{digits}', expected 8 hexadecimal digits");
    }

    private void Fill(Span<byte> bytes)
    {
        if (cpio.ReadAtLeast(bytes, bytes.Length, throwOnEndOfStream: false) < bytes.Length) throw Truncated();
    }

    private void Skip(long bytes)
    {
        var piece = new byte[Math.Min(bytes, 64 << 10)];
        while (bytes > 0)
        {
            ct.ThrowIfCancellationRequested();
            var read = cpio.Read(piece, 0, (int)Math.Min(piece.Length, bytes));
            if (read == 0) throw Truncated();
            bytes -= read;
        }
    }

    private static KernelFileException Truncated() => new("the rpm's payload is truncated");

    private sealed class MemberStream(CpioWalk walk) : ReadStream
    {
        public override int Read(Span<byte> buffer) => walk.Read(buffer);
    }
}
