using System.Buffers.Binary;
using System.Text;

namespace Relo.Archive.Tests.Fixtures;

/// <summary>
/// A little-endian ELF64 with three sections after the null one: the BTF, the rodata with a kernel's banner, the section names.
/// </summary>
internal static class TinyElf
{
    private const int HeaderBytes = 64, SectionBytes = 64, Sections = 4;

    /// <summary>A module with split BTF.</summary>
    public static byte[] Module(byte[] btf, string name, string release) =>
        Vmlinux(btf, $"license=GPL\0depends=\0name={name}\0vermagic={release} SMP preempt mod_unload modversions \0", type: 1,
            textSection: ".modinfo");

    /// <summary>A note that is not the build-id, then the build-id.</summary>
    public static byte[] BuildIdNote(params byte[] id) =>
        [6, 0, 0, 0, 1, 0, 0, 0, 0, 1, 0, 0, .. "Linux\0\0\0"u8, 9, 0, 0, 0, 4, 0, 0, 0, (byte)id.Length, 0, 0, 0, 3, 0, 0, 0, .. "GNU\0"u8,
            .. id];

    /// <summary>The same with the last of its names, .shstrtab, replaced: another section by its name.</summary>
    public static byte[] WithSection(byte[] elf, string name)
    {
        var at = elf.AsSpan().IndexOf(".shstrtab"u8);
        Assert.True(name.Length <= ".shstrtab".Length);
        elf.AsSpan(at, ".shstrtab".Length).Clear();
        Encoding.ASCII.GetBytes(name, elf.AsSpan(at));
        return elf;
    }

    public static byte[] Vmlinux(
        byte[] btf, string rodata, int type = 2, int machine = 62, string section = ".BTF", string textSection = ".rodata")
    {
        var names = Encoding.ASCII.GetBytes($"\0{section}\0{textSection}\0.shstrtab\0");
        var text = Encoding.ASCII.GetBytes(rodata);
        int btfAt = HeaderBytes, textAt = btfAt + btf.Length, namesAt = textAt + text.Length, sectionsAt = namesAt + names.Length;
        var file = new byte[sectionsAt + (Sections * SectionBytes)];
        byte[] ident = [0x7f, (byte)'E', (byte)'L', (byte)'F', 2, 1, 1];
        ident.CopyTo(file, 0);
        U16(16, type);
        U16(18, machine);
        U64(0x28, sectionsAt);
        U16(0x3a, SectionBytes);
        U16(0x3c, Sections);
        U16(0x3e, Sections - 1); // section names come last
        btf.CopyTo(file, btfAt);
        text.CopyTo(file, textAt);
        names.CopyTo(file, namesAt);
        Section(1, 1, btfAt, btf.Length);
        Section(2, 1 + section.Length + 1, textAt, text.Length);
        Section(3, 1 + section.Length + 1 + textSection.Length + 1, namesAt, names.Length);
        return file;

        void Section(int index, int name, int offset, int size)
        {
            var at = sectionsAt + (index * SectionBytes);
            BinaryPrimitives.WriteInt32LittleEndian(file.AsSpan(at), name);
            BinaryPrimitives.WriteInt32LittleEndian(file.AsSpan(at + 4), 1); // SHT_PROGBITS
            U64(at + 0x18, offset);
            U64(at + 0x20, size);
        }

        void U16(int at, int value) => BinaryPrimitives.WriteUInt16LittleEndian(file.AsSpan(at), (ushort)value);

        void U64(int at, long value) => BinaryPrimitives.WriteInt64LittleEndian(file.AsSpan(at), value);
    }
}
