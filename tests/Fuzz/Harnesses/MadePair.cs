using System.Buffers.Binary;
using System.Text;
using Relo.Conformance.Generated;
using Relo.Core.Objects;

namespace Relo.Fuzz.Harnesses;

/// <summary>
/// An object and a kernel's BTF as an input whose mutations still open: types and strings without headers, and records; the ELF file around
/// them is always sound. <code>length:16 object's types, length:16 its strings, length:16 kernel's types, length:16 its strings, records</code>
/// A record is <c>instruction:16 bytes, shift:8, kind:8, type:16, length:8 access string</c>.
/// </summary>
internal static class MadePair
{
    private const int HeaderBytes = 24, InstructionBytes = 16, RecordBytes = InstructionBytes + 5, MaxRecords = 64;
    private const byte LoadImm64 = 0x18;

    public static GeneratedPair Read(ReadOnlySpan<byte> input)
    {
        var types = Part(ref input);
        var strings = Part(ref input);
        var kernelTypes = Part(ref input);
        var kernelStrings = Part(ref input);
        var table = new List<byte>([.. strings, 0]);
        var section = table.Count;
        table.AddRange([.. Encoding.ASCII.GetBytes(ObjectAssembler.ProgramSection), 0]);
        var records = new List<MadeRecord>();
        var accesses = new List<int>();
        while (input.Length >= RecordBytes && records.Count < MaxRecords)
        {
            var access = input[RecordBytes..][..Math.Min(input[RecordBytes - 1], input.Length - RecordBytes)];
            if (access.IndexOf((byte)0) is >= 0 and var end) access = access[..end];
            var instruction = input[..(input[0] == LoadImm64 ? InstructionBytes : InstructionBytes / 2)].ToArray();
            var type = BinaryPrimitives.ReadUInt16LittleEndian(input[18..]);
            records.Add(new(instruction, type, Encoding.Latin1.GetString(access), Kind: input[17], Shift: (sbyte)input[16] / 16));
            accesses.Add(table.Count);
            table.AddRange(access);
            table.Add(0);
            input = input[(RecordBytes + access.Length)..];
        }
        return new(ObjectAssembler.Write(BtfOf(types, [.. table]), section, records, accesses), BtfOf(kernelTypes, [.. kernelStrings, 0]));
    }

    /// <summary>The input of a pair whose object has one program.</summary>
    public static byte[] Of(GeneratedPair pair)
    {
        var bpf = BpfObject.Read(pair.Object);
        var input = new List<byte>();
        var btf = bpf.Elf.DataOf(bpf.Elf.FindSection(".BTF")!).Span;
        foreach (var part in (byte[][])[Types(btf), Strings(btf), Types(pair.Target), Strings(pair.Target)]) Add(input, part);
        var code = bpf.Elf.DataOf(bpf.Elf.Sections.First(section => section.IsExecutable && section.Size > 0)).Span;
        foreach (var record in bpf.Records)
        {
            var at = (int)record.Relo.InstructionOffset;
            var access = bpf.Types.Name(record.Relo.AccessOffset);
            var slots = new byte[InstructionBytes];
            code[Math.Min(at, code.Length)..Math.Min(at + InstructionBytes, code.Length)].CopyTo(slots);
            input.AddRange(slots);
            input.AddRange([0, (byte)record.Relo.Kind, (byte)record.Relo.TypeId, (byte)(record.Relo.TypeId >> 8), (byte)access.Length]);
            input.AddRange(access);
        }
        return [.. input];
    }

    private static ReadOnlySpan<byte> Part(ref ReadOnlySpan<byte> input)
    {
        if (input.Length < sizeof(ushort)) return [];
        var length = Math.Min(BinaryPrimitives.ReadUInt16LittleEndian(input), input.Length - sizeof(ushort));
        var part = input.Slice(sizeof(ushort), length);
        input = input[(sizeof(ushort) + length)..];
        return part;
    }

    private static void Add(List<byte> input, byte[] part)
    {
        input.AddRange([(byte)part.Length, (byte)(part.Length >> 8)]);
        input.AddRange(part);
    }

    private static byte[] Types(ReadOnlySpan<byte> btf) => btf.Slice(HeaderBytes, Word(btf, 12)).ToArray();

    private static byte[] Strings(ReadOnlySpan<byte> btf) => btf.Slice(HeaderBytes + Word(btf, 16), Word(btf, 20)).ToArray();

    private static int Word(ReadOnlySpan<byte> btf, int at) => BinaryPrimitives.ReadInt32LittleEndian(btf[at..]);

    private static byte[] BtfOf(ReadOnlySpan<byte> types, ReadOnlySpan<byte> strings)
    {
        var whole = types[..(types.Length & ~3)];
        var btf = new byte[HeaderBytes + whole.Length + strings.Length];
        new byte[] { 0x9f, 0xeb, 1, 0, HeaderBytes }.CopyTo(btf, 0);
        BinaryPrimitives.WriteInt32LittleEndian(btf.AsSpan(12), whole.Length);
        BinaryPrimitives.WriteInt32LittleEndian(btf.AsSpan(16), whole.Length);
        BinaryPrimitives.WriteInt32LittleEndian(btf.AsSpan(20), strings.Length);
        whole.CopyTo(btf.AsSpan(HeaderBytes));
        strings.CopyTo(btf.AsSpan(HeaderBytes + whole.Length));
        return btf;
    }
}
