using System.Buffers.Binary;
using System.Text;

namespace Relo.Archive.Import;

/// <summary>
/// An uncompressed kernel (vmlinux) with a <c>.BTF</c> section. The ELF header tells the architecture, the kernel's banner
/// (<c>Linux version 6.1.0-38-amd64 (…</c>) the release. Modules (ET_REL) and BPF objects are told apart and refused.
/// </summary>
internal static class ElfKernel
{
    private const int ExecutableType = 2, SharedType = 3, BpfMachine = 247;
    private const uint NoBits = 8;

    private static ReadOnlySpan<byte> Magic => [0x7f, (byte)'E', (byte)'L', (byte)'F'];

    public static bool Recognises(ReadOnlySpan<byte> head) => head.StartsWith(Magic);

    public static KernelFile Read(ReadOnlyMemory<byte> file, UnpackLimits limits)
    {
        var elf = new Header(file.Span);
        if (elf.Machine == BpfMachine) throw new KernelFileException("the file is a BPF object, not a kernel; expected a vmlinux");
        if (elf.Type is not (ExecutableType or SharedType))
            throw new KernelFileException($"the ELF has type {elf.Type} (1 = object or kernel module), expected an executable, vmlinux; module BTF is not taken");
        var (offset, size) = elf.FindSection(file.Span, ".BTF")
            ?? throw new KernelFileException("the ELF has no .BTF section: the kernel was built without CONFIG_DEBUG_INFO_BTF");
        if (size > (ulong)limits.BtfBytes)
            throw new KernelFileException($".BTF has {size} bytes, at most {limits.BtfBytes} are taken") { Code = Rejected.InvalidBtf };
        return new(file.Slice((int)offset, (int)size), "vmlinux", Release(file.Span), Arch(elf.Machine, elf.IsBigEndian));
    }

    private static string? Release(ReadOnlySpan<byte> file)
    {
        var banner = "Linux version "u8;
        for (var rest = file; rest.IndexOf(banner) is >= 0 and var at;)
        {
            rest = rest[(at + banner.Length)..];
            // Format strings ("Linux version %s") have the same beginning; a release begins with a digit.
            var end = rest[..Math.Min(rest.Length, KernelName.MaxLength + 1)].IndexOf((byte)' ');
            if (end > 0 && char.IsAsciiDigit((char)rest[0]) && Encoding.Latin1.GetString(rest[..end]) is var release && KernelName.Fault("release", release) is null)
                return release;
        }

        return null;
    }

    // e_machine (elf.h) → uname -m.
    private static string? Arch(int machine, bool bigEndian) => machine switch
    {
        62 => "x86_64",
        183 => "arm64",
        3 => "i686",
        40 => "armv7l",
        21 => bigEndian ? "ppc64" : "ppc64le",
        22 => "s390x",
        243 => "riscv64",
        258 => "loongarch64",
        _ => null,
    };

    /// <summary>The few fields of an ELF file, of either class and byte order, that lead to a section.</summary>
    private readonly ref struct Header
    {
        private readonly bool _is64;
        private readonly ulong _sectionsAt;
        private readonly int _entrySize, _count, _namesIndex;

        public Header(ReadOnlySpan<byte> file)
        {
            if (file.Length < 64) throw new KernelFileException($"the ELF has {file.Length} bytes, its header alone has 64");
            _is64 = file[4] == 2;
            IsBigEndian = file[5] == 2;
            Type = U16(file, 16);
            Machine = U16(file, 18);
            _sectionsAt = _is64 ? U64(file, 0x28) : U32(file, 0x20);
            _entrySize = U16(file, _is64 ? 0x3a : 0x2e);
            _count = U16(file, _is64 ? 0x3c : 0x30);
            _namesIndex = U16(file, _is64 ? 0x3e : 0x32);
        }

        public bool IsBigEndian { get; }
        public int Type { get; }
        public int Machine { get; }

        public (ulong Offset, ulong Size)? FindSection(ReadOnlySpan<byte> file, string wanted)
        {
            if (_count == 0) return null;
            if (_entrySize < (_is64 ? 64 : 40)) throw new KernelFileException($"the ELF's section headers have {_entrySize} bytes each, expected {(_is64 ? 64 : 40)}");
            if (_namesIndex >= _count) throw new KernelFileException($"the ELF's section names are section {_namesIndex}, but it has {_count} sections");
            var names = Section(file, _namesIndex);
            if (names.Type == NoBits) throw new KernelFileException($"the ELF's section names are section {_namesIndex}, which has no bytes");
            var name = Encoding.ASCII.GetBytes(wanted + '\0');
            for (var i = 0; i < _count; i++)
            {
                var section = Section(file, i);
                if (section.Type == NoBits || section.Name >= names.Size) continue;
                var text = file.Slice((int)names.Offset, (int)names.Size)[(int)section.Name..];
                if (text.StartsWith(name)) return (section.Offset, section.Size);
            }

            return null;
        }

        private (uint Name, uint Type, ulong Offset, ulong Size) Section(ReadOnlySpan<byte> file, int index)
        {
            var length = (ulong)file.Length;
            var at = (ulong)(index * _entrySize);
            if (_sectionsAt > length || at > length - _sectionsAt || (ulong)_entrySize > length - _sectionsAt - at)
                throw new KernelFileException($"section header {index} of the ELF is at 0x{_sectionsAt:x} + 0x{at:x}, but the file has 0x{length:x} bytes");
            var entry = file.Slice((int)(_sectionsAt + at), _entrySize);
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
}
