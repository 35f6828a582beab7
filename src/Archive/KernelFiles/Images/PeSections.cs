using System.Buffers.Binary;

namespace Relo.Archive.KernelFiles.Images;

/// <summary>
/// The sections of a PE file (PE/COFF specification).
/// <code>
/// 0 "MZ" | 0x3c header at → "PE" 0 0 | machine 2 | sections 2 | … | 16 optional header size 2 | 2 | optional header | sections
/// section of 40: name 8, size 4, address 4, file size 4, file offset 4, …
/// </code>
/// </summary>
internal readonly ref struct PeSections
{
    private const int HeaderBytes = 24, EntryBytes = 40, MaxSections = 96;

    private readonly ReadOnlySpan<byte> _file, _entries;

    private PeSections(ReadOnlySpan<byte> file, ushort machine, ReadOnlySpan<byte> entries)
    {
        _file = file;
        _entries = entries;
        Machine = machine;
    }

    public ushort Machine { get; }

    public static bool TryRead(ReadOnlySpan<byte> file, out PeSections sections)
    {
        sections = default;
        if (file.Length < 64 || !file.StartsWith("MZ"u8)) return false;
        var at = BinaryPrimitives.ReadUInt32LittleEndian(file[0x3c..]);
        if (at > (uint)file.Length || file.Length - at < 6 || !file[(int)at..].StartsWith("PE\0\0"u8)) return false;
        var header = file[(int)at..];
        var machine = BinaryPrimitives.ReadUInt16LittleEndian(header[4..]);
        sections = new(file, machine, Entries(header));
        return true;
    }

    /// <summary>The range of the first section with this name, or null.</summary>
    /// <exception cref="KernelFileException">The file is truncated.</exception>
    public Range? Find(ReadOnlySpan<byte> name)
    {
        for (var rest = _entries; rest.Length >= EntryBytes; rest = rest[EntryBytes..])
        {
            if (!rest[..8].TrimEnd((byte)0).SequenceEqual(name)) continue;
            uint size = BinaryPrimitives.ReadUInt32LittleEndian(rest[8..]), inFile = BinaryPrimitives.ReadUInt32LittleEndian(rest[16..]),
                at = BinaryPrimitives.ReadUInt32LittleEndian(rest[20..]);
            // The size in the file includes padding; the virtual size does not.
            var length = size == 0 ? inFile : Math.Min(size, inFile);
            if (at > (uint)_file.Length || length > (uint)_file.Length - at)
                throw new KernelFileException(
                    $"section {System.Text.Encoding.ASCII.GetString(name)} of the PE file is at 0x{at:x} + 0x{length:x}, but the file "
                    + $"has 0x{_file.Length:x} bytes");
            return (int)at..(int)(at + length);
        }

        return null;
    }

    private static ReadOnlySpan<byte> Entries(ReadOnlySpan<byte> header)
    {
        if (header.Length < HeaderBytes) return default;
        var count = Math.Min((int)BinaryPrimitives.ReadUInt16LittleEndian(header[6..]), MaxSections);
        var start = HeaderBytes + BinaryPrimitives.ReadUInt16LittleEndian(header[20..]);
        return start > header.Length ? default : header.Slice(start, Math.Min(header.Length - start, count * EntryBytes));
    }
}
