using System.Buffers.Binary;
using Relo.Conformance.Generated;

namespace Relo.Benchmarks.Load.Soak;

/// <summary>Objects that cost a service far more than they cost their sender.</summary>
internal static class HostileObjects
{
    private const int FieldByteOffset = 0, TypeExists = 8, TypeMatches = 12;
    private const int StringBytesAt = 20; // str_len of the header (btf.rst)
    private const int NestedLevels = 30;

    /// <summary>The largest number of records that are read: 6 MB. <paramref name="fields"/> of task_struct, in turns.</summary>
    public static byte[] ManyRecords(int records, params string[] fields)
    {
        var btf = new BtfAssembler();
        var number = new IntT("int", 4, IntT.Signed);
        var task =
            btf.Add(new CompositeT("task_struct", isUnion: false,
                [.. fields.Select((name, i) => new Member(name, number) { BitOffset = 32 * i })])
            { Size = 4 * fields.Length });
        // r2 = *(u32 *)(r1 + offset)
        return ObjectAssembler.Write(btf, [.. Enumerable.Range(0, records).Select(i => i % fields.Length)
            .Select(field => new MadeRecord([0x61, 0x12, (byte)(4 * field), 0, 0, 0, 0, 0], task, $"0:{field}", FieldByteOffset))]);
    }

    /// <summary>
    /// Functions that take and return functions that take and return functions…: 3^30 pairs for a matcher without a cache. 2 KB.
    /// </summary>
    public static (byte[] Object, byte[] Kernel) Nested()
    {
        var (btf, kernel) = (new BtfAssembler(), new BtfAssembler());
        kernel.Add(Nest());
        return (ObjectAssembler.Write(btf, [Ask(btf.Add(Nest()), TypeExists)]), kernel.Write(bigEndian: false));

        static TypedefT Nest()
        {
            T inner = new IntT("int", 4, IntT.Signed);
            for (var level = 0; level < NestedLevels; level++) inner = new PtrT(new ProtoT(inner, [inner, inner]));
            return new("nested_t", inner);
        }
    }

    /// <summary>Long names whose flavour must be searched for from the end.</summary>
    public static byte[] Underscores(int types = 400, int length = 1000)
    {
        var btf = new BtfAssembler();
        return ObjectAssembler.Write(btf, [.. Enumerable.Range(0, types)
            .Select(i => Ask(btf.Add(new CompositeT($"a{new string('_', length)}{i}", isUnion: false, []) { Size = 4 }), TypeExists))]);
    }

    /// <summary>The kernel's own types, matched as a whole, including nested members.</summary>
    public static byte[] MatchesOf(byte[] kernel, int types = 500)
    {
        var strings = BinaryPrimitives.ReadInt32LittleEndian(kernel.AsSpan(StringBytesAt));
        var btf = MadeUpBtf.WithName(MadeUpBtf.WithName(kernel, ObjectAssembler.ProgramSection), "0");
        var opened = Relo.Core.Btf.BtfReader.Read(kernel);
        var structs = Enumerable.Range(1, opened.Count - 1)
            .Where(id => opened[(uint)id] is { Kind: Relo.Core.Btf.BtfKind.Struct, NameOffset: not 0 }).ToList();
        var records = Enumerable.Range(0, Math.Min(types, structs.Count))
            .Select(i => Ask(structs[(int)((long)i * structs.Count / types)], TypeMatches)).ToArray();
        var access = strings + ObjectAssembler.ProgramSection.Length + 1;
        return ObjectAssembler.Write(btf, strings, records, [.. records.Select(_ => access)]);
    }

    // r1 = whether
    private static MadeRecord Ask(int type, int kind) => new([0xb7, 1, 0, 0, 1, 0, 0, 0], type, "0", kind);
}
