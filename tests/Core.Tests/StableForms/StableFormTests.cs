using Relo.Core.Btf;
using Relo.Core.Bytes;
using Relo.Core.StableForms;
using Relo.Core.Tests.Fixtures;

namespace Relo.Core.Tests.StableForms;

public sealed class StableFormTests
{
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Every_kind_of_type_is_restored_in_either_byte_order(bool bigEndian)
    {
        var btf = AllKinds(new BtfWriter(bigEndian)).ToBytes();
        Assert.Equal(btf, StableForm.Read(StableForm.Write(btf)!));
    }

    // It uses its memory again.
    [Fact]
    public void One_reader_reads_several_also_after_a_damaged_one()
    {
        var reader = new StableFormReader();
        var damaged = StableForm.Write(Samples.FlagsStatus)![..^1];
        byte[][] all = [Samples.SyscallWork, Samples.FlagsStatus, Samples.SyscallWork];
        foreach (var btf in all)
        {
            Assert.Equal(btf, reader.Read(StableForm.Write(btf)).ToArray());
            Assert.Throws<MalformedObjectException>(() => reader.Read(damaged));
        }
    }

    [Fact]
    public void Sample_kernels_are_restored() =>
        Assert.All([Samples.FlagsStatus, Samples.SyscallWork], btf => Assert.Equal(btf, StableForm.Read(StableForm.Write(btf)!)));

    [Fact]
    public void A_type_in_front_changes_no_byte_of_the_types_behind_it()
    {
        var without = AllKinds(new BtfWriter());
        var with = new BtfWriter();
        with.Int("in_front", 4);
        AllKinds(with);
        var (before, after) = (StableForm.Write(without.ToBytes())!, StableForm.Write(with.ToBytes())!);
        const int lengths = 24, header = 24, typeOfInt = 16, nameInFront = 9;
        var tail = before.AsSpan(lengths + header + "\0".Length);
        var strings = StringsBytes(before) - "\0".Length;
        Assert.Equal(tail[..strings], after.AsSpan(lengths + header + "\0".Length + nameInFront, strings));
        Assert.Equal(tail[strings..], after.AsSpan(lengths + header + "\0".Length + nameInFront + strings + typeOfInt));
    }

    [Fact]
    public void Types_that_are_equal_are_told_apart()
    {
        var btf = new BtfWriter();
        var (first, second) = (btf.Int("int", 4), btf.Int("int", 4));
        btf.Struct("both", 24, new("a", btf.Ptr(second), 0), new("b", btf.Ptr(first), 64), new("c", btf.Ptr(second), 128));
        var bytes = btf.ToBytes();
        Assert.Equal(bytes, StableForm.Read(StableForm.Write(bytes)!));
    }

    [Fact]
    public void Strings_that_are_equal_or_not_used_or_used_twice_are_restored()
    {
        var bytes = Raw("\0int\0int\0unused\0last\0", [1, 5, 5, 16, 1]);
        Assert.Equal(bytes, StableForm.Read(StableForm.Write(bytes)!));
    }

    [Fact]
    public void A_name_inside_a_string_has_no_stable_form() => Assert.Null(StableForm.Write(Raw("\0unsigned int\0", [10])));

    [Fact]
    public void A_circle_of_types_without_a_named_struct_has_no_stable_form()
    {
        var btf = new BtfWriter();
        btf.Ptr(2);
        btf.Ptr(1);
        Assert.Null(StableForm.Write(btf.ToBytes()));
    }

    [Fact]
    public void A_reference_to_no_type_has_no_stable_form()
    {
        var btf = new BtfWriter();
        btf.Ptr(7);
        Assert.Null(StableForm.Write(btf.ToBytes()));
    }

    [Fact]
    public void A_member_of_no_type_has_no_stable_form()
    {
        var btf = new BtfWriter();
        btf.Struct("named", 4, new BtfWriter.Member("member", 99, 0));
        Assert.Null(StableForm.Write(btf.ToBytes()));
    }

    [Fact]
    public void More_strings_or_types_than_any_kernel_has_have_no_stable_form()
    {
        Assert.Null(StableForm.Write(Raw(new string('\0', 1 << 21), [1])));
        Assert.Null(StableForm.Write(Raw("\0int\0", [.. Enumerable.Repeat(1u, (1 << 20) + 1)])));
    }

    [Fact]
    public void Thousands_of_equal_types_have_no_stable_form_rather_than_taking_long()
    {
        var btf = new BtfWriter();
        for (var i = 0; i < 5_000; i++) btf.Int("int", 4);
        for (var i = 0u; i < 5_000; i++) btf.Struct($"s{i}", 4, new BtfWriter.Member("member", i + 1, 0));
        Assert.Null(StableForm.Write(btf.ToBytes()));
    }

    [Fact]
    public void Bytes_that_are_no_BTF_have_no_stable_form() =>
        Assert.All([[], [1, 2, 3], new byte[100], Samples.Object], bytes => Assert.Null(StableForm.Write(bytes)));

    [Fact]
    public void A_stable_form_that_is_cut_is_refused()
    {
        var form = StableForm.Write(Samples.SyscallWork)!;
        for (var length = 0; length < form.Length; length += 7)
            Assert.Throws<MalformedObjectException>(() => StableForm.Read(form.AsSpan(0, length)));
    }

    [Fact]
    public void A_stable_form_with_a_changed_byte_is_refused_or_gives_other_BTF()
    {
        var form = StableForm.Write(Samples.SyscallWork)!;
        for (var at = 0; at < form.Length; at++)
        {
            var changed = form.ToArray();
            changed[at] ^= 0x55;
            try
            {
                Assert.NotEqual(Samples.SyscallWork, StableForm.Read(changed));
            }
            catch (MalformedObjectException)
            {
                // refused
            }
        }
    }

    private static int StringsBytes(byte[] form) => BitConverter.ToInt32(form, 12);

    private static BtfWriter AllKinds(BtfWriter btf)
    {
        var (number, text) = (btf.Int("int", 4, 1), btf.Int("char", 1));
        var node = btf.NextId + 1; // a list that refers to itself
        var pointer = btf.Ptr(node);
        btf.Struct("node", 24, new("next", pointer, 0), new("bits", number, 64, 3), new("more", number, 67, 5));
        var anonymous = btf.Union("", 8, new("a", number, 0), new("b", pointer, 0));
        btf.Struct("holder", 16, new("", anonymous, 0), new("name", btf.Array(text, number, 8), 64));
        btf.Enum("state", 4, true, ("RUNNING", 0), ("DEAD", -1));
        btf.Enum64("wide", false, ("FIRST", 1L << 40));
        btf.Fwd("later");
        var alias = btf.Ref(BtfKind.Typedef, node, "node_t");
        var tagged = btf.Ptr(btf.Ref(BtfKind.TypeTag, btf.Ref(BtfKind.Const, btf.Ref(BtfKind.Volatile, alias)), "rcu"));
        btf.Ref(BtfKind.Restrict, tagged);
        btf.Float("double", 8);
        var proto = btf.FuncProto(0, ("node", tagged), ("count", number));
        var function = btf.Ref(BtfKind.Func, proto, "visit", count: 1);
        btf.DeclTag("bpf_kfunc", function);
        btf.DataSec(".data", 4, (btf.Var("counter", number), 0u, 4u));
        return btf;
    }

    // Integers whose names are at these offsets.
    private static byte[] Raw(string strings, uint[] names)
    {
        var btf = new BtfWriter();
        foreach (var name in names) btf.Add(name, BtfKind.Int, 4, 0, false, 32);
        var bytes = btf.ToBytes()[..^1];
        BitConverter.TryWriteBytes(bytes.AsSpan(20), strings.Length);
        return [.. bytes, .. System.Text.Encoding.ASCII.GetBytes(strings)];
    }
}
