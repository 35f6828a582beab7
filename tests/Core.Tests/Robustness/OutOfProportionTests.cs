using Relo.Core.Tests.Fixtures;
using static Relo.Core.Tests.Robustness.HostileObject;

namespace Relo.Core.Tests.Robustness;

/// <summary>
/// Strings that overlap cost nothing in a file: thousands of offsets into one long string look like thousands of long names.
/// All output from a file must be proportional to its size, or the file is refused.
/// </summary>
public sealed class OutOfProportionTests
{
    private const int Instructions = 500;
    private const int Text = 3; // offsets into the strings of an object: "x", ".text", "0", then one long string
    private const int Zero = 9;
    private const int LongName = 11;

    [Fact]
    public void Symbols_with_long_names()
    {
        var elf = new HostileObject();
        elf.Section(".BTF", 1, Structs(1, 1, "\0x\0"u8));
        var strings = elf.Section(".strtab", 3, [0, .. Long(4094), 0]);
        elf.Section(".symtab", 2, [.. Enumerable.Range(0, 40_000).SelectMany(i => Symbol((uint)(1 + (i % 100)), 0, 0, 0, 0))], 0,
            (uint)strings, 24);
        InProportion(elf.ToArray(), Samples.SyscallWork);
    }

    [Fact]
    public void Records_that_share_one_long_source_line() =>
        InProportion(Object(Structs(1, 1, Strings(200_000)), [16, Text, 1, 0, LongName, LongName, 1 << 10], Record(_ => 2)),
            Structs(1, 1, "\0x\0"u8));

    [Fact]
    public void Records_that_share_one_long_type_name() =>
        InProportion(Object(Structs(1, LongName, Strings(200_000)), [], Record(_ => 2)), Samples.SyscallWork);

    [Fact]
    public void Types_of_one_name_on_both_sides() =>
        InProportion(Object(Structs(Instructions, 1, Strings(1)), [], Record(i => (uint)i + 2)), Structs(4_000, 1, "\0x\0"u8));

    private static void InProportion(byte[] objectBytes, byte[] kernelBytes) => Proportion.Of(objectBytes, kernelBytes);

    private static byte[] Object(byte[] btf, uint[] lines, uint[] cores)
    {
        var elf = new HostileObject();
        elf.Section(".BTF", 1, btf);
        var text = elf.Section(".text", 1, [.. Enumerable.Repeat(Words(0x1b7, 0), Instructions).SelectMany(x => x)], 4 | 2);
        var strings = elf.Section(".strtab", 3, "\0f\0"u8.ToArray());
        elf.Section(".symtab", 2, [.. Symbol(0, 0, 0, 0, 0), .. Symbol(1, 0x12, (ushort)text, 0, Instructions * 8)], 0, (uint)strings, 24);
        elf.Section(".BTF.ext", 1, RawExt(lines, cores));
        return elf.ToArray();
    }

    /// <summary>A byte offset record for each instruction.</summary>
    private static uint[] Record(Func<int, uint> type) =>
        [16, Text, Instructions, .. Enumerable.Range(0, Instructions).SelectMany(i => (uint[])[(uint)i * 8, type(i), Zero, 0])];

    /// <summary>An integer (id 1) and so many times <c>struct name { int x; }</c>.</summary>
    private static byte[] Structs(int count, uint name, ReadOnlySpan<byte> strings) =>
        RawBtf([1, 0x01000000, 4, 32, .. Enumerable.Repeat((uint[])[name, 0x04000001, 4, 1, 1, 0], count).SelectMany(x => x)],
            strings.ToArray());

    private static byte[] Strings(int length) => [.. "\0x\0.text\00\0"u8, .. Long(length), 0];

    private static byte[] Long(int length)
    {
        var bytes = new byte[length];
        Array.Fill(bytes, (byte)'a');
        return bytes;
    }
}
