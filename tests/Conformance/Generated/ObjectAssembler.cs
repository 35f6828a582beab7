using System.Buffers.Binary;
using System.Text;

namespace Relo.Conformance.Generated;

/// <summary>A generated record: its instruction (one slot or two) and its access.</summary>
/// <param name="Instruction">What the compiler put there.</param>
/// <param name="TypeId">Root type.</param>
/// <param name="Access">Access string.</param>
/// <param name="Kind">Kind, 0–12.</param>
/// <param name="Shift">How many bytes off its instruction the record points.</param>
public sealed record MadeRecord(byte[] Instruction, int TypeId, string Access, int Kind, int Shift = 0);

/// <summary>A generated program in a section of its own.</summary>
/// <param name="Section">ELF section; its name is also the source of the program's name.</param>
/// <param name="Records">In program order.</param>
public sealed record MadeProgram(string Section, IReadOnlyList<MadeRecord> Records);

/// <summary>Writes a small little-endian BPF object: programs with an instruction per record, their BTF, their records.</summary>
public static class ObjectAssembler
{
    /// <summary>The section of the only program.</summary>
    public const string ProgramSection = "raw_tp/made";

    /// <param name="types">The object's BTF with the roots added; strings are added here.</param>
    /// <param name="records">In program order.</param>
    public static byte[] Write(BtfAssembler types, IReadOnlyList<MadeRecord> records) =>
        WritePrograms(types, [new MadeProgram(ProgramSection, records)]);

    /// <param name="btf">The object's BTF as it is, of any types.</param>
    /// <param name="section">String offset of <c>raw_tp/made</c>.</param>
    /// <param name="records">In program order; the root is any number.</param>
    /// <param name="accesses">String offset of each record's access string.</param>
    public static byte[] Write(byte[] btf, int section, IReadOnlyList<MadeRecord> records, IReadOnlyList<int> accesses)
    {
        var words = new List<int> { 16 };
        var code = Program(words, section, records, accesses);
        return Elf([ProgramSection], [code], btf, Ext(words));
    }

    /// <param name="types">The object's BTF with the roots added; strings are added here.</param>
    /// <param name="programs">In section order, each in another section.</param>
    public static byte[] WritePrograms(BtfAssembler types, IReadOnlyList<MadeProgram> programs)
    {
        var codes = new List<byte[]>();
        var words = new List<int> { 16 };
        foreach (var (section, records) in programs)
        {
            codes.Add(Program(words, types.String(section), records, [.. records.Select(record => types.String(record.Access))]));
        }
        var btf = types.Write(bigEndian: false);
        return Elf([.. programs.Select(program => program.Section)], codes, btf, Ext(words));
    }

    private static byte[] Program(List<int> words, int section, IReadOnlyList<MadeRecord> records, IReadOnlyList<int> accesses)
    {
        var code = new List<byte>();
        words.AddRange(section, records.Count);
        for (var i = 0; i < records.Count; i++)
        {
            var record = records[i];
            words.AddRange(code.Count + record.Shift, record.TypeId, accesses[i], record.Kind);
            code.AddRange(record.Instruction);
        }
        code.AddRange([0xb7, 0, 0, 0, 0, 0, 0, 0, 0x95, 0, 0, 0, 0, 0, 0, 0]); // r0 = 0; exit
        return [.. code];
    }

    private static byte[] Ext(List<int> words)
    {
        var ext = new byte[32 + words.Count * 4];
        BtfAssembler.Put16(ext, 0, 0xeb9f, bigEndian: false);
        ext[2] = 1;
        BtfAssembler.Put(ext, 4, 32, bigEndian: false);
        BtfAssembler.Put(ext, 28, words.Count * 4, bigEndian: false);
        for (var i = 0; i < words.Count; i++) BtfAssembler.Put(ext, 32 + i * 4, words[i], bigEndian: false);
        return ext;
    }

    private static byte[] Elf(string[] programs, List<byte[]> codes, byte[] btf, byte[] ext)
    {
        // Each byte is what the ELF specification wants there; symbols: null, the programs.
        static string Function(string section) => "made" + section.Replace('/', '_').TrimStart('?');
        var strings = Encoding.ASCII.GetBytes(
            "\0.strtab\0.symtab\0license\0.BTF\0.BTF.ext\0" + string.Concat(programs.Select(name => $"{name}\0{Function(name)}\0")));
        int Name(string name) => Encoding.ASCII.GetString(strings).IndexOf("\0" + name + "\0", StringComparison.Ordinal) + 1;
        const int firstProgram = 3; // among the sections
        var symbols = new byte[24 * (programs.Length + 1)];
        for (var i = 0; i < programs.Length; i++)
        {
            var at = 24 * (i + 1);
            BtfAssembler.Put(symbols, at, Name(Function(programs[i])), bigEndian: false);
            symbols[at + 4] = 0x12; // STB_GLOBAL, STT_FUNC
            BtfAssembler.Put16(symbols, at + 6, firstProgram + i, bigEndian: false);
            BtfAssembler.Put(symbols, at + 16, codes[i].Length, bigEndian: false);
        }

        (string Name, int Type, int Flags, byte[] Data, int Link, int Info, int EntrySize)[] sections =
        [
            ("", 0, 0, [], 0, 0, 0),
            (".strtab", 3, 0, strings, 0, 0, 0),
            (".symtab", 2, 0, symbols, 1, 1, 24),
            .. programs.Select((name, i) => (name, 1, 6, codes[i], 0, 0, 0)),
            ("license", 1, 3, "GPL\0"u8.ToArray(), 0, 0, 0),
            (".BTF", 1, 0, btf, 0, 0, 0),
            (".BTF.ext", 1, 0, ext, 0, 0, 0),
        ];
        var body = new List<byte>(new byte[64]);
        var table = new List<byte>();
        foreach (var (name, type, flags, data, link, info, entrySize) in sections)
        {
            while (body.Count % 8 != 0) body.Add(0);
            var header = new byte[64];
            BtfAssembler.Put(header, 0, name.Length == 0 ? 0 : Name(name), bigEndian: false);
            BtfAssembler.Put(header, 4, type, bigEndian: false);
            BtfAssembler.Put(header, 8, flags, bigEndian: false);
            BtfAssembler.Put(header, 24, type == 0 ? 0 : body.Count, bigEndian: false);
            BtfAssembler.Put(header, 32, data.Length, bigEndian: false);
            BtfAssembler.Put(header, 40, link, bigEndian: false);
            BtfAssembler.Put(header, 44, info, bigEndian: false);
            BtfAssembler.Put(header, 48, type == 0 ? 0 : 8, bigEndian: false);
            BtfAssembler.Put(header, 56, entrySize, bigEndian: false);
            table.AddRange(header);
            body.AddRange(data);
        }
        while (body.Count % 8 != 0) body.Add(0);
        var file = body.ToArray();
        new byte[] { 0x7f, (byte)'E', (byte)'L', (byte)'F', 2, 1, 1 }.CopyTo(file, 0);
        int[] halves = [1, 247]; // ET_REL, EM_BPF
        for (var i = 0; i < halves.Length; i++) BtfAssembler.Put16(file, 16 + i * 2, halves[i], bigEndian: false);
        BtfAssembler.Put(file, 20, 1, bigEndian: false);
        BinaryPrimitives.WriteInt64LittleEndian(file.AsSpan(40), file.Length);
        int[] sizes = [64, 0, 0, 64, sections.Length, 1];
        for (var i = 0; i < sizes.Length; i++) BtfAssembler.Put16(file, 52 + i * 2, sizes[i], bigEndian: false);
        return [.. file, .. table];
    }
}
