using System.Buffers.Binary;
using System.Text;
using Relo.Core.Bytes;
using Relo.Core.Elf;

namespace Relo.Core.Tests.Elf;

/// <summary>Section headers of either class and byte order, as kernels and modules have them.</summary>
public class ElfSectionsTests
{
    private const uint ProgBits = 1, NoBits = 8;

    /// <summary>A file with these sections after the null section, and one with the names at the end.</summary>
    private static byte[] File(bool is64, bool bigEndian, params (string Name, uint Type, byte[] Bytes)[] sections)
    {
        var names = Encoding.ASCII.GetBytes("\0" + string.Concat(sections.Select(section => section.Name + '\0')));
        var file = new MemoryStream();
        var table = new MemoryStream();
        Header(0, 0, 0, 0);
        file.Write(new byte[64]);
        var name = 1;
        foreach (var section in sections)
        {
            Header(name, section.Type, file.Length, section.Bytes.Length);
            file.Write(section.Bytes);
            name += section.Name.Length + 1;
        }

        Header(0, 3, file.Length, names.Length);
        file.Write(names);
        var tableOffset = file.Length;
        table.WriteTo(file);

        file.Position = 0;
        file.Write([0x7f, (byte)'E', (byte)'L', (byte)'F', (byte)(is64 ? 2 : 1), (byte)(bigEndian ? 2 : 1), 1]);
        file.Position = 16;
        Write(file, 2, 2);
        Write(file, 62, 2);
        file.Position = is64 ? 0x28 : 0x20;
        Write(file, tableOffset, is64 ? 8 : 4);
        file.Position = is64 ? 0x3a : 0x2e;
        Write(file, is64 ? 64 : 40, 2);
        Write(file, sections.Length + 2, 2);
        Write(file, sections.Length + 1, 2);
        return file.ToArray();

        void Header(long nameOffset, uint type, long offset, long size)
        {
            var word = is64 ? 8 : 4;
            foreach (var (value,
                width) in new[] { (nameOffset, 4), (type, 4), (0, word), (0, word), (offset, word), (size, word), (0L, 4), (0L, 4), (0, word), (0, word) })
                Write(table, value, width);
        }

        void Write(MemoryStream stream, long value, int width)
        {
            var bytes = new byte[8];
            if (bigEndian) BinaryPrimitives.WriteInt64BigEndian(bytes, value << (64 - (8 * width)));
            else BinaryPrimitives.WriteInt64LittleEndian(bytes, value);
            stream.Write(bytes.AsSpan(0, width));
        }
    }

    private static byte[]? Data(byte[] file, string name) =>
        new ElfSections(file).Find(Encoding.ASCII.GetBytes(name))?.DataIn(file).ToArray();

    [Theory]
    [InlineData(true, false)]
    [InlineData(true, true)]
    [InlineData(false, false)]
    [InlineData(false, true)]
    public void A_section_is_found_in_either_class_and_byte_order(bool is64, bool bigEndian)
    {
        var file = File(is64, bigEndian, (".BTF.base", ProgBits, [1]), (".BTF", ProgBits, [2, 3]));
        Assert.Equal([2, 3], Data(file, ".BTF"));
        Assert.Equal([1], Data(file, ".BTF.base"));
        Assert.Null(Data(file, ".BT"));
        Assert.Equal((2, 62), (new ElfSections(file).Header.Type, new ElfSections(file).Header.Machine));
    }

    [Fact]
    public void Of_two_sections_of_a_name_the_one_with_bytes_is_found() =>
        Assert.Equal([7], Data(File(true, false, (".BTF", NoBits, []), (".BTF", ProgBits, [7])), ".BTF"));

    [Fact]
    public void A_section_without_bytes_is_found_when_there_is_no_other() =>
        Assert.Equal<byte[]>([], Data(File(true, false, (".BTF", NoBits, [])), ".BTF"));

    [Fact]
    public void Without_section_headers_there_is_no_section()
    {
        var file = File(true, false, (".BTF", ProgBits, [1]));
        file.AsSpan(0x28, 8).Clear();
        Assert.Null(Data(file, ".BTF"));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void No_truncation_reads_past_the_end(bool is64)
    {
        var file = File(is64, false, (".BTF", ProgBits, [1, 2, 3]));
        for (var length = 0; length < file.Length; length++)
            Assert.Throws<MalformedObjectException>(() => Data(file[..length], ".BTF"));
    }

    [Fact]
    public void Damage_behind_the_section_that_is_looked_for_does_no_harm()
    {
        var file = File(true, false, (".BTF", ProgBits, [1]), (".damaged", ProgBits, [2]));
        file[BitConverter.ToInt32(file, 0x28) + (2 * 64) + 0x1a] = 0xff; // sh_offset
        Assert.Equal([1], Data(file, ".BTF"));
        Assert.Throws<MalformedObjectException>(() => Data(file, ".other"));
    }
}
