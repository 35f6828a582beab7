using Relo.Core.Btf;
using Relo.Core.BtfExt;
using Relo.Core.Bytes;
using Relo.Core.Contents;
using Relo.Core.Objects;
using Relo.Core.Tests.Building;
using Relo.Core.Tests.Fixtures;
using static Relo.Core.Tests.Robustness.HostileObject;
using HostileObject = Relo.Core.Tests.Robustness.HostileObject;
using Instruction = Relo.Core.Bpf.Instruction;

namespace Relo.Core.Tests.Contents;

public sealed class ObjectContentsTests
{
    [Fact]
    public void The_sample_shows_its_maps_and_what_it_asks_of_task_struct()
    {
        var contents = ObjectContents.Of(BpfObject.Read(Samples.Object));
        Assert.Equal(
            [
                new MapReport("waiting", MapDefinition.Btf, "hash", 4, 8, 10240, null, false),
                new MapReport("slow", MapDefinition.Btf, "array", 4, 8, 2, null, false),
                new MapReport(".rodata", MapDefinition.GlobalData, "array", 4, 8, 1, null, false),
            ],
            contents.Maps);
        var task = Assert.Single(contents.LocalTypes, t => t.Type == "struct task_struct");
        Assert.Contains("state", task.Fields);
        Assert.Equal("struct task_struct.state (0:1 @ offset 16)", contents.Relocations[6].Local);
        Assert.Equal(112, contents.Relocations[6].Source?.Line);
        Assert.Equal(contents.Relocations.Count, contents.LocalTypes.Sum(t => t.Relocations.Count));
    }

    // enum bpf_map_type, uapi linux/bpf.h
    [Theory]
    [InlineData(1u, "hash")]
    [InlineData(27u, "ringbuf")]
    [InlineData(34u, "insn-array")]
    [InlineData(35u, "rhash")]
    [InlineData(36u, "unknown-36")]
    public void A_map_type_is_named_by_its_number(uint type, string name) => Assert.Equal(name, MapTypes.Name(type));

    // parse_btf_map_def of libbpf: a number is the length of an array that a member points to, a type is what a member points to.
    [Fact]
    public void A_map_definition_is_read_from_pointers()
    {
        var map = Assert.Single(Of(b =>
        {
            var number = b.Int("int", 4);
            var value = b.Struct("event", 24);
            Maps(b, ("exec",
                [("type", Number(b, number, 1)), ("max_entries", Number(b, number, 10240)), ("map_flags", Number(b, number, 3)),
                ("pinning", Number(b, number, 1)), ("key", b.Ptr(number)), ("value", b.Ptr(value)), ("numa_node", Number(b, number, 5))]));
        }).Maps);
        Assert.Equal(new MapReport("exec", MapDefinition.Btf, "hash", 4, 24, 10240, 3, true), map);
    }

    [Fact]
    public void Sizes_may_be_numbers_and_a_map_of_maps_holds_descriptors()
    {
        var map = Assert.Single(Of(b =>
        {
            var number = b.Int("int", 4);
            var inner = b.Struct("", 8, new BtfWriter.Member("type", Number(b, number, 2), 0));
            Maps(b, ("outer",
                [("type", Number(b, number, 13)), ("key_size", Number(b, number, 16)), ("values", b.Array(b.Ptr(inner), number, 0))]));
        }).Maps);
        Assert.Equal(new MapReport("outer", MapDefinition.Btf, "hash-of-maps", 16, 4, null, null, false), map);
    }

    [Fact]
    public void A_type_of_a_newer_kernel_is_shown_by_its_number()
    {
        var map = Assert.Single(Of(b => Maps(b, ("later", [("type", Number(b, b.Int("int", 4), 900))]))).Maps);
        Assert.Equal("unknown-900", map.Type);
    }

    [Fact]
    public void A_definition_of_thousands_of_members_is_refused()
    {
        var fault = Assert.Throws<MalformedObjectException>(() => Of(b =>
        {
            var number = b.Int("int", 4);
            Maps(b, ("huge", [.. Enumerable.Range(0, 5000).Select(i => ($"m{i}", number))]));
        }));
        Assert.Equal((MalformedObjectException.MalformedObject, ".maps"), (fault.Code, fault.Section));
        Assert.Contains("'huge' has 5000 members; at most 64", fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void More_maps_than_any_object_has_are_refused() => Assert.Throws<MalformedObjectException>(() => Of(b =>
    {
        var definition = b.Struct("", 8);
        var map = b.Var("m", definition);
        b.DataSec(".maps", 0, [.. Enumerable.Repeat((map, 0u, 8u), 5000)]);
    }));

    [Fact]
    public void Legacy_definitions_and_global_data_are_maps_too()
    {
        var maps = ObjectContents.Of(BpfObject.Read(Legacy(mapAt: 20))).Maps;
        Assert.Equal(new MapReport("events", MapDefinition.Legacy, "perf-event-array", 4, 8, 128, 1, false), maps[0]);
        Assert.Equal(new MapReport(".rodata", MapDefinition.GlobalData, "array", 4, 12, 1, null, false), maps[1]);
    }

    [Theory]
    [InlineData(24)]
    [InlineData(41)]
    [InlineData(ulong.MaxValue)]
    public void A_legacy_definition_that_leaves_its_section_is_refused(ulong mapAt)
        => Assert.Equal("maps", Assert.Throws<MalformedObjectException>(() => ObjectContents.Of(BpfObject.Read(Legacy(mapAt)))).Section);

    [Fact]
    public void A_type_is_listed_once_with_each_field_once()
    {
        var contents = Of(_ => { },
            Asking(("0:1", CoreReloKind.FieldByteOffset), ("0:0", CoreReloKind.FieldExists), ("0:1", CoreReloKind.FieldByteSize),
                ("0", CoreReloKind.TypeExists)));
        var type = Assert.Single(contents.LocalTypes);
        Assert.Equal(("struct task_struct", 32L), (type.Type, type.SizeBytes));
        Assert.Equal(["pid", "state"], type.Fields);
        Assert.Equal([0, 1, 2, 3], type.Relocations);
        Assert.Equal(["field-byte-offset", "field-exists", "field-byte-size", "type-exists"], contents.Relocations.Select(r => r.Kind));
    }

    [Fact]
    public void A_record_that_cannot_be_read_shows_its_raw_parts()
    {
        var contents = Of(_ => { }, Asking(("0:99", CoreReloKind.FieldByteOffset)));
        Assert.Empty(contents.LocalTypes);
        Assert.EndsWith("] + 0:99", Assert.Single(contents.Relocations).Local, StringComparison.Ordinal);
    }

    private static ObjectContents Of(Action<BtfWriter> types, Action<ObjectWriter, ObjectWriter.ProgramSection>? more = null)
    {
        var writer = new ObjectWriter();
        types(writer.Btf);
        var section = writer.Section("raw_tp/x");
        more?.Invoke(writer, section);
        section.Add(new Instruction(0x95, 0, 0, 0, 0));
        return ObjectContents.Of(BpfObject.Read(writer.ToBytes()));
    }

    private static Action<ObjectWriter, ObjectWriter.ProgramSection> Asking(params (string Access, CoreReloKind Kind)[] records) =>
        (writer, section) =>
    {
        var u64 = writer.Btf.Int("u64", 8);
        var task = writer.Btf.Struct("task_struct", 32, new BtfWriter.Member("pid", u64, 0), new BtfWriter.Member("state", u64, 128));
        foreach (var (access, kind) in records) writer.Relo(section, section.Add(new Instruction(0xb7, 1, 0, 0, 0)), task, access, kind);
    };

    private static uint Number(BtfWriter b, uint type, uint value) => b.Ptr(b.Array(type, type, value));

    private static void Maps(BtfWriter b, params (string Name, (string Name, uint Type)[] Members)[] maps) => b.DataSec(".maps", 0,
        [.. maps.Select(
            m => (b.Var(m.Name, b.Struct("", 8, [.. m.Members.Select(x => new BtfWriter.Member(x.Name, x.Type, 0))])), 0u, 8u))]);

    /// <summary>Section "maps" of two definitions, the second of them filled; a symbol at <paramref name="mapAt"/>; .rodata.</summary>
    private static byte[] Legacy(ulong mapAt)
    {
        var elf = new HostileObject();
        elf.Section(".BTF", 1, RawBtf([], "\0"u8.ToArray()));
        var maps = elf.Section("maps", 1, [.. new byte[20], .. Words(4, 4, 8, 128, 1)], flags: 3);
        elf.Section(".rodata", 1, new byte[12], flags: 2);
        var strings = elf.Section(".strtab", 3, "\0events\0"u8.ToArray());
        elf.Section(".symtab", 2, [.. new byte[24], .. Symbol(1, 0x11, (ushort)maps, mapAt, 20)], 0, (uint)strings, 24);
        return elf.ToArray();
    }
}
