using System.Buffers.Binary;
using System.Text;
using Relo.Core.Bpf;
using Relo.Core.Btf;
using Relo.Core.BtfExt;

namespace Relo.Core.Tests.Building;

/// <summary>
/// Makes small BPF objects: program sections, symbols, .BTF, .BTF.ext. What the compiler would write, without the compiler.
/// </summary>
internal sealed class ObjectWriter(bool bigEndian = false)
{
    private readonly List<ProgramSection> _sections = [];

    public BtfWriter Btf { get; } = new(bigEndian);
    public bool IsBigEndian => bigEndian;

    /// <summary>Bytes per CO-RE record; compilers to come may append members.</summary>
    public uint CoreRecordSize { get; init; } = CoreRelo.Size;

    /// <summary>32, or 24 for a header from before CO-RE.</summary>
    public uint ExtHeaderLength { get; init; } = 32;

    public bool OmitBtf { get; init; }
    public bool OmitBtfExt { get; init; }
    public string? License { get; init; } = "GPL";

    /// <summary>Bytes after .BTF in its section.</summary>
    public byte[] AfterBtf { get; init; } = [];

    /// <summary>Bytes after .BTF.ext in its section.</summary>
    public byte[] AfterBtfExt { get; init; } = [];

    /// <summary>Last changes to .BTF.ext before it goes into the file.</summary>
    public Action<byte[]>? EditBtfExt { get; init; }

    /// <summary>Sections of data: <c>.rodata</c>, <c>.jumptables</c>.</summary>
    private readonly List<DataSection> _data = [];

    /// <summary>Names of externs that may be absent.</summary>
    public HashSet<string> Weak { get; } = [];

    /// <summary>A section of data in which a variable of the same bytes is all there is.</summary>
    public void Data(string section, string variable, params byte[] bytes) => _data.Add(new(section, variable, bytes));

    private sealed record DataSection(string Name, string Variable, byte[] Bytes);

    /// <summary>The section of code that was added last.</summary>
    public ProgramSection LastSection => _sections[^1];

    public ProgramSection Section(string name)
    {
        _sections.Add(new(name));
        return _sections[^1];
    }

    internal sealed record Symbol(string Name, int Section, int First, int Count, bool IsStatic)
    {
        /// <summary>A variable, whose length is in bytes.</summary>
        public bool IsData { get; init; }
    }

    public sealed class ProgramSection(string name)
    {
        public string Name { get; } = name;
        internal List<Instruction> Instructions { get; } = [];
        internal List<CoreRelo> Relos { get; } = [];
        internal List<(uint Instruction, string File, int Line, int Column, string Text)> Lines { get; } = [];
        internal List<Symbol> Functions { get; } = [];
        internal List<(int Instruction, string Symbol)> ElfRelocations { get; } = [];

        public int Add(params ReadOnlySpan<Instruction> instructions)
        {
            var first = Instructions.Count;
            foreach (var instruction in instructions) Instructions.Add(instruction);
            return first;
        }

        public void Function(string name, int first, int count, bool isStatic = false) =>
            Functions.Add(new(name, 0, first, count, isStatic));

        /// <summary>An ELF relocation (<c>.rel…</c>) against a function; against none of that name, it is an extern.</summary>
        public void ElfRelocation(int instruction, string symbol) => ElfRelocations.Add((instruction, symbol));

        public void Line(int instruction, string file, int line, int column, string text) =>
            Lines.Add(((uint)instruction * 8, file, line, column, text));

        internal void Relo(int instruction, uint typeId, uint access, CoreReloKind kind) =>
            Relos.Add(new((uint)instruction * 8, typeId, access, kind));
    }

    /// <summary>A record about <paramref name="instruction"/> of <paramref name="section"/>.</summary>
    public void Relo(ProgramSection section, int instruction, uint typeId, string access, CoreReloKind kind) =>
        section.Relo(instruction, typeId, Btf.Text(access), kind);

    public byte[] ToBytes()
    {
        var ext = BtfExt();
        EditBtfExt?.Invoke(ext);
        var content =
            new List<(string Name, uint Type, ulong Flags, byte[] Bytes, uint Link, uint Entry, uint Info)> { ("", 0, 0, [], 0, 0, 0) };
        foreach (var section in _sections) content.Add((section.Name, 1, 6, Code(section), 0, 0, 0));
        foreach (var data in _data) content.Add((data.Name, 1, 2, data.Bytes, 0, 0, 0));
        if (License is not null) content.Add(("license", 1, 3, Encoding.ASCII.GetBytes(License + "\0"), 0, 0, 0));
        if (!OmitBtf) content.Add((".BTF", 1, 0, [.. Btf.ToBytes(), .. AfterBtf], 0, 0, 0));
        if (!OmitBtfExt) content.Add((".BTF.ext", 1, 0, [.. ext, .. AfterBtfExt], 0, 0, 0));
        var strings = new List<byte> { 0 };
        var symbols = AllSymbols();
        var symtab = (uint)(content.Count + _sections.Count(s => s.ElfRelocations.Count > 0));
        for (var i = 0; i < _sections.Count; i++)
            if (_sections[i].ElfRelocations.Count > 0)
                content.Add((".rel" + _sections[i].Name, 9, 0, Relocations(_sections[i], symbols), symtab, 16, (uint)i + 1));
        content.Add((".symtab", 2, 0, Symbols(strings, symbols), symtab + 1, 24, 0));
        var names = content.Select(c => Intern(strings, c.Name)).ToList();
        var ownName = Intern(strings, ".strtab");
        content.Add((".strtab", 3, 0, [.. strings], 0, 0, 0));
        names.Add(ownName);
        return File(content, names);
    }

    private byte[] File(
        List<(string Name, uint Type, ulong Flags, byte[] Bytes, uint Link, uint Entry, uint Info)> content, List<uint> names)
    {
        var offsets = new List<int>();
        var end = 64;
        foreach (var c in content)
        {
            end = (end + 7) & ~7;
            offsets.Add(end);
            end += c.Bytes.Length;
        }
        end = (end + 7) & ~7;
        var file = new byte[end + (64 * content.Count)];
        new byte[] { 0x7f, (byte)'E', (byte)'L', (byte)'F', 2, (byte)(bigEndian ? 2 : 1), 1 }.CopyTo(file, 0);
        U16(file, 16, 1);
        U16(file, 18, 247);
        U32(file, 20, 1);
        U64(file, 40, (ulong)end);
        U16(file, 52, 64);
        U16(file, 58, 64);
        U16(file, 60, (ushort)content.Count);
        U16(file, 62, (ushort)(content.Count - 1));
        for (var i = 0; i < content.Count; i++)
        {
            var c = content[i];
            c.Bytes.CopyTo(file, offsets[i]);
            var at = end + (64 * i);
            U32(file, at, names[i]);
            U32(file, at + 4, c.Type);
            U64(file, at + 8, c.Flags);
            U64(file, at + 24, i == 0 ? 0 : (ulong)offsets[i]);
            U64(file, at + 32, (ulong)c.Bytes.Length);
            U32(file, at + 40, c.Link);
            U32(file, at + 44, c.Info);
            U64(file, at + 48, 8);
            U64(file, at + 56, c.Entry);
        }
        return file;
    }

    private List<Symbol> AllSymbols()
    {
        var symbols = _sections.SelectMany((s, i) => s.Functions.Count > 0
            ? s.Functions.Select(f => f with { Section = i + 1 })
            : [new(s.Name.Replace('/', '_').Trim('?', '.'), i + 1, 0, s.Instructions.Count, false)]).ToList();
        var externs = _sections.SelectMany(s => s.ElfRelocations).Select(r => r.Symbol).Distinct()
            .Where(name => !symbols.Any(s => s.Name == name)).ToArray();
        symbols.AddRange(
            _data.Select((data, i) => new Symbol(data.Variable, 1 + _sections.Count + i, 0, data.Bytes.Length, false) { IsData = true }));
        externs = [.. externs.Where(name => !_data.Any(data => data.Variable == name))];
        return [.. symbols, .. externs.Select(name => new Symbol(name, 0, 0, 0, false))];
    }

    private byte[] Symbols(List<byte> strings, List<Symbol> symbols)
    {
        var bytes = new byte[24 * (symbols.Count + 1)];
        for (var i = 0; i < symbols.Count; i++)
        {
            var at = 24 * (i + 1);
            U32(bytes, at, Intern(strings, symbols[i].Name));
            // STB_LOCAL, STB_GLOBAL or STB_WEAK in the upper half; STT_FUNC, for variables STT_OBJECT, for externs STT_NOTYPE, in the
            // lower.
            var binding = symbols[i].IsStatic ? 0x00 : Weak.Contains(symbols[i].Name) ? 0x20 : 0x10;
            bytes[at + 4] = (byte)(binding | (symbols[i].IsData ? 1 : symbols[i].Section == 0 ? 0 : 2));
            U16(bytes, at + 6, (ushort)symbols[i].Section);
            U64(bytes, at + 8, (ulong)symbols[i].First * 8);
            U64(bytes, at + 16, (ulong)symbols[i].Count * (symbols[i].IsData ? 1ul : 8ul));
        }
        return bytes;
    }

    private byte[] Relocations(ProgramSection section, List<Symbol> symbols)
    {
        var bytes = new byte[16 * section.ElfRelocations.Count];
        for (var i = 0; i < section.ElfRelocations.Count; i++)
        {
            var (instruction, name) = section.ElfRelocations[i];
            U64(bytes, i * 16, (ulong)instruction * 8);
            U64(bytes, (i * 16) + 8, ((ulong)(symbols.FindIndex(s => s.Name == name) + 1) << 32) | 10); // R_BPF_64_32
        }
        return bytes;
    }

    private byte[] Code(ProgramSection section)
    {
        var bytes = new byte[section.Instructions.Count * 8];
        for (var i = 0; i < section.Instructions.Count; i++) section.Instructions[i].Write(bytes.AsSpan(i * 8), bigEndian);
        return bytes;
    }

    private byte[] BtfExt()
    {
        var func = new List<uint> { 8, Btf.Text("none"), 1, 0, 0 };
        var line = Groups(16, s => s.Lines.Count,
            s => s.Lines.SelectMany(
                l => new[] { l.Instruction, Btf.Text(l.File), Btf.Text(l.Text), ((uint)l.Line << 10) | (uint)l.Column }));
        var core = Groups(CoreRecordSize, s => s.Relos.Count,
            s => s.Relos.SelectMany(
                r => new[] { r.InstructionOffset, r.TypeId, r.AccessOffset, (uint)r.Kind }.Concat(new uint[(CoreRecordSize - 16) / 4])));
        var header = (int)ExtHeaderLength;
        var bytes = new byte[header + ((func.Count + line.Count + core.Count) * 4)];
        U16(bytes, 0, 0xeb9f);
        bytes[2] = 1;
        U32(bytes, 4, ExtHeaderLength);
        var at = 0;
        var slot = 8;
        foreach (var part in new[] { func, line, core })
        {
            if (slot < header)
            {
                U32(bytes, slot, (uint)at);
                U32(bytes, slot + 4, (uint)part.Count * 4);
                slot += 8;
            }
            foreach (var word in part)
            {
                U32(bytes, header + at, word);
                at += 4;
            }
        }
        return bytes;
    }

    private List<uint> Groups(uint recordSize, Func<ProgramSection, int> count, Func<ProgramSection, IEnumerable<uint>> records)
    {
        var words = new List<uint>();
        foreach (var section in _sections.Where(s => count(s) > 0))
        {
            words.Add(Btf.Text(section.Name));
            words.Add((uint)count(section));
            words.AddRange(records(section));
        }
        return words.Count == 0 ? [] : [recordSize, .. words];
    }

    private static uint Intern(List<byte> strings, string text)
    {
        if (text.Length == 0) return 0;
        var at = (uint)strings.Count;
        strings.AddRange(Encoding.UTF8.GetBytes(text));
        strings.Add(0);
        return at;
    }

    private void U16(byte[] bytes, int at, ushort value)
    {
        if (bigEndian) BinaryPrimitives.WriteUInt16BigEndian(bytes.AsSpan(at), value);
        else BinaryPrimitives.WriteUInt16LittleEndian(bytes.AsSpan(at), value);
    }

    private void U32(byte[] bytes, int at, uint value)
    {
        if (bigEndian) BinaryPrimitives.WriteUInt32BigEndian(bytes.AsSpan(at), value);
        else BinaryPrimitives.WriteUInt32LittleEndian(bytes.AsSpan(at), value);
    }

    private void U64(byte[] bytes, int at, ulong value)
    {
        if (bigEndian) BinaryPrimitives.WriteUInt64BigEndian(bytes.AsSpan(at), value);
        else BinaryPrimitives.WriteUInt64LittleEndian(bytes.AsSpan(at), value);
    }
}
