using System.Buffers.Binary;
using System.Text;

namespace Relo.Archive.Import.Elf;

/// <summary>The few fields of an ELF file, of either class and byte order, that lead to a section.</summary>
internal readonly ref struct ElfSections
{
    public const int RelocatableType = 1, ExecutableType = 2, SharedType = 3;
    public const int BpfMachine = 247;
    private const uint NoBits = 8;

    private readonly ReadOnlySpan<byte> _file;
    private readonly bool _is64;
    private readonly ulong _sectionsAt;
    private readonly int _entrySize, _count, _namesIndex;

    public ElfSections(ReadOnlySpan<byte> file)
    {
        if (file.Length < 64) throw new KernelFileException($"the ELF has {file.Length} bytes, its header alone has 64");
        _file = file;
        _is64 = file[4] == 2;
        IsBigEndian = file[5] == 2;
        Type = U16(file, 16);
        Machine = U16(file, 18);
        _sectionsAt = _is64 ? U64(file, 0x28) : U32(file, 0x20);
        _entrySize = U16(file, _is64 ? 0x3a : 0x2e);
        _count = U16(file, _is64 ? 0x3c : 0x30);
        _namesIndex = U16(file, _is64 ? 0x3e : 0x32);
    }

    public static ReadOnlySpan<byte> Magic => [0x7f, (byte)'E', (byte)'L', (byte)'F'];

    public bool IsBigEndian { get; }
    public int Type { get; }
    public int Machine { get; }

    /// <summary>e_machine (elf.h) as <c>uname -m</c> says it; null for machines without Linux kernels of ours.</summary>
    public string? Arch => Machine switch
    {
        62 => "x86_64",
        183 => "arm64",
        3 => "i686",
        40 => "armv7l",
        21 => IsBigEndian ? "ppc64" : "ppc64le",
        22 => "s390x",
        243 => "riscv64",
        258 => "loongarch64",
        _ => null,
    };

    /// <summary>Where the first section of this name has its bytes; null where there is none.</summary>
    public Range? Find(string wanted) => Find(wanted, hasBytes: true);

    /// <summary>Whether there is a section of this name, with bytes or without (NOBITS).</summary>
    public bool HasSection(string wanted) => Find(wanted, hasBytes: false) is not null;

    private Range? Find(string wanted, bool hasBytes)
    {
        if (_count == 0) return null;
        if (_entrySize < (_is64 ? 64 : 40)) throw new KernelFileException($"the ELF's section headers have {_entrySize} bytes each, expected {(_is64 ? 64 : 40)}");
        if (_namesIndex >= _count) throw new KernelFileException($"the ELF's section names are section {_namesIndex}, but it has {_count} sections");
        var names = Section(_namesIndex);
        if (names.Type == NoBits) throw new KernelFileException($"the ELF's section names are section {_namesIndex}, which has no bytes");
        var name = Encoding.ASCII.GetBytes(wanted + '\0');
        for (var i = 0; i < _count; i++)
        {
            var section = Section(i);
            if ((hasBytes && section.Type == NoBits) || section.Name >= names.Size) continue;
            var text = _file.Slice((int)names.Offset, (int)names.Size)[(int)section.Name..];
            if (text.StartsWith(name)) return section.Type == NoBits ? default : (int)section.Offset..(int)(section.Offset + section.Size);
        }

        return null;
    }

    private (uint Name, uint Type, ulong Offset, ulong Size) Section(int index)
    {
        var length = (ulong)_file.Length;
        var at = (ulong)(index * _entrySize);
        if (_sectionsAt > length || at > length - _sectionsAt || (ulong)_entrySize > length - _sectionsAt - at)
            throw new KernelFileException($"section header {index} of the ELF is at 0x{_sectionsAt:x} + 0x{at:x}, but the file has 0x{length:x} bytes");
        var entry = _file.Slice((int)(_sectionsAt + at), _entrySize);
        uint name = U32(entry, 0), type = U32(entry, 4);
        ulong offset = _is64 ? U64(entry, 0x18) : U32(entry, 0x10), size = _is64 ? U64(entry, 0x20) : U32(entry, 0x14);
        if (type != NoBits && (offset > length || size > length - offset))
            throw new KernelFileException($"section {index} of the ELF covers 0x{offset:x} + 0x{size:x}, but the file has 0x{length:x} bytes");
        return (name, type, offset, size);
    }

    private ushort U16(ReadOnlySpan<byte> at, int offset) => IsBigEndian ? BinaryPrimitives.ReadUInt16BigEndian(at[offset..]) : BinaryPrimitives.ReadUInt16LittleEndian(at[offset..]);

    private uint U32(ReadOnlySpan<byte> at, int offset) => IsBigEndian ? BinaryPrimitives.ReadUInt32BigEndian(at[offset..]) : BinaryPrimitives.ReadUInt32LittleEndian(at[offset..]);

    private ulong U64(ReadOnlySpan<byte> at, int offset) => IsBigEndian ? BinaryPrimitives.ReadUInt64BigEndian(at[offset..]) : BinaryPrimitives.ReadUInt64LittleEndian(at[offset..]);
}
