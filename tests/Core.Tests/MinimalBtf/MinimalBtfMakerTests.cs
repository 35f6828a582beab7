using Relo.Core.Bpf;
using Relo.Core.Btf;
using Relo.Core.BtfExt;
using Relo.Core.MinimalBtf;
using Relo.Core.Objects;
using Relo.Core.Tests.Building;
using Relo.Core.Tests.Fixtures;

namespace Relo.Core.Tests.MinimalBtf;

/// <summary>
/// What the result is good for: an object relocates through it as through the whole BTF. <see cref="Minimal.Made"/> asserts that in every
/// test.
/// </summary>
public class MinimalBtfMakerTests
{
    private static BtfWriter.Member M(string name, uint type, uint bit = 0) => new(name, type, bit);

    [Fact]
    public void The_sample_needs_a_handful_of_types_of_either_kernel()
    {
        foreach (var kernel in new[] { Samples.FlagsStatus, Samples.SyscallWork })
        {
            var (bpf, types) = (BpfObject.Read(Samples.Object), BtfReader.Read(kernel));
            var made = Assert.IsType<MinimalBtfMade>(MinimalBtfMaker.Make(bpf, types, TestContext.Current.CancellationToken));
            var whole = Assert.IsType<Relocated>(Relocator.Relocate(bpf, types, cancellation: TestContext.Current.CancellationToken));
            var through = Assert.IsType<Relocated>(
                Relocator.Relocate(bpf, BtfReader.Read(made.Bytes), cancellation: TestContext.Current.CancellationToken));
            Assert.Equal(whole.PatchedBytes.ToArray(), through.PatchedBytes.ToArray());
            Assert.True(made.Bytes.Length < kernel.Length, $"{made.Bytes.Length} bytes of {kernel.Length}");
        }
    }

    [Fact]
    public void Without_records_there_are_no_types()
    {
        // bpftool refuses an object without .BTF.ext; libbpf takes BTF of a header and the empty name.
        var (bpf, kernel) = new Ask(b => b.Int("int", 4), b => b.Int("int", 4)).Open();
        var made = Assert.IsType<MinimalBtfMade>(MinimalBtfMaker.Make(bpf, kernel, TestContext.Current.CancellationToken));
        Assert.Equal(25, made.Bytes.Length);
        Assert.Equal(1, BtfReader.Read(made.Bytes).Count);
    }

    [Fact]
    public void The_result_has_the_byte_order_of_the_kernel()
    {
        static uint S(BtfWriter b) => b.Struct("s", 8, M("x", b.Int("int", 4)));
        var made = Minimal.Made(new Ask(S, b => S(b), bigEndian: true).Load("0:0", 0, 4));
        Assert.True(BtfReader.Read(made.Bytes).IsBigEndian);
    }

    [Fact]
    public void What_tells_the_width_of_pointers_is_kept_where_it_is_not_64_bits()
    {
        var made = Minimal.Made(new Ask(
            b => b.Struct("s", 8, M("p", b.Ptr(0))),
            b => { b.Int("unsigned long", 4); b.Struct("s", 8, M("p", b.Ptr(0), 32)); }).Load("0:0", 0));
        Assert.Equal(["int unsigned long 4", "ptr 0", "struct s 8 {p:2@32}"], Minimal.Types(made.Bytes));
    }

    [Fact]
    public void Names_are_kept_byte_by_byte_also_where_they_are_no_text()
    {
        static void Kernel(BtfWriter b) => b.Add(b.Text([0xff, 0xfe]), BtfKind.Typedef, b.Int("int", 4), 0, false);
        var made = Minimal.Made(new Ask(b => b.Add(b.Text([0xff, 0xfe]), BtfKind.Typedef, b.Int("int", 4), 0, false), Kernel)
            .Move(CoreReloKind.TypeSize, "0", 4));
        var btf = BtfReader.Read(made.Bytes);
        Assert.Equal([0xff, 0xfe], btf.Name(btf[2].NameOffset).ToArray());
    }

    [Fact]
    public void A_pointer_to_what_was_left_out_must_not_pass_for_one_to_void()
    {
        // The typedef does not match: void is no int. Of the field that uses it bpftool keeps "typedef t = void *", and then it would.
        static uint T(BtfWriter b, uint to) => b.Ref(BtfKind.Typedef, b.Ptr(to), "t");
        var ask = new Ask(
            b => { T(b, 0); return b.Struct("s", 8, M("x", 2)); },
            b => b.Struct("s", 8, M("x", T(b, b.Int("int", 4))))).Load("0:0", 0).Move(CoreReloKind.TypeExists, "0", 1, root: 2);
        var made = Minimal.Made(ask);
        Assert.True(made.IsWidened);
        Assert.Contains("int int 4", Minimal.Types(made.Bytes));
    }

    [Fact]
    public void A_duplicate_that_a_later_record_chooses_must_not_be_dropped_before()
    {
        // Both have a, the second alone has x. With nothing but a of the first and x of the second, "a" would drop the second.
        static uint S(BtfWriter b,
            params string[] names)
        { var i = b.Int("int", 4); return b.Struct("s", 16, [.. names.Select((n, k) => M(n, i, (uint)k * 32))]); }
        var made = Minimal.Made(new Ask(b => S(b, "a", "x"), b => { S(b, "a"); S(b, "a", "x"); }).Load("0:0", 0, 4).Load("0:1", 4, 4));
        Assert.True(made.IsWidened);
    }

    [Fact]
    public void A_last_member_must_not_pass_for_a_flexible_array()
    {
        // a[1] of an empty array in the middle is outside; with nothing after it, it would be inside.
        static uint S(BtfWriter b, bool last)
        {
            var i = b.Int("int", 4);
            var a = b.Array(i, i, 0);
            return last ? b.Struct("s", 8, M("a", a)) : b.Struct("s", 8, M("a", a), M("z", i));
        }
        var made = Minimal.Made(new Ask(b => S(b, last: true), b => S(b, last: false)).Move(CoreReloKind.FieldExists, "0:0", 1)
            .Move(CoreReloKind.FieldExists, "0:0:1", 1));
        Assert.True(made.IsWidened);
    }

    [Fact]
    public void What_libbpf_refuses_is_refused()
    {
        var (bpf, kernel) = new Ask(b => b.Struct("", 8, M("x", b.Int("int", 4))), b => b.Int("int", 4)).Load("0:0", 0, 4).Open();
        var failed = Assert.IsType<MinimalBtfFailed>(MinimalBtfMaker.Make(bpf, kernel, TestContext.Current.CancellationToken));
        Assert.Contains("target candidate search failed", failed.Failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_record_of_no_program_is_served_and_cannot_fail()
    {
        // bpftool uses it, libbpf skips it.
        var writer = new ObjectWriter();
        var section = writer.Section("raw_tp/x");
        section.Add(new Instruction(0xb7, 0, 0, 0, 0), new Instruction(0x95, 0, 0, 0, 0), new Instruction(0xb7, 0, 0, 0, 0));
        section.Function("main", 0, 2);
        var field = writer.Btf.Struct("s", 4, M("x", writer.Btf.Int("int", 4)));
        writer.Relo(section, 2, field, "0:0", CoreReloKind.FieldByteOffset);
        writer.Relo(section, 2, writer.Btf.Struct("", 4), "0", CoreReloKind.TypeSize);
        var kernel = new BtfWriter();
        kernel.Struct("s", 8, M("x", kernel.Int("int", 4), 32));
        var made =
            MinimalBtfMaker.Make(BpfObject.Read(writer.ToBytes()), BtfReader.Read(kernel.ToBytes()), TestContext.Current.CancellationToken);
        Assert.Equal(["int int 4", "struct s 8 {x:1@32}"], Minimal.Types(Assert.IsType<MinimalBtfMade>(made).Bytes));
    }

    [Fact]
    public void Hundreds_of_thousands_of_pointers_in_a_row_take_no_stack()
    {
        const uint length = 300_000;
        var made = Minimal.Made(new Ask(b => b.Struct("s", 4, M("x", b.Int("int", 4))), b =>
        {
            b.Struct("s", 16, M("x", b.Int("int", 4)), M("p", b.NextId + 1, 64));
            for (var i = 1u; i < length; i++) b.Ptr(b.NextId + 1);
            b.Ptr(0);
        }).Move(CoreReloKind.TypeMatches, "0", 1));
        Assert.Equal(length, (uint)Minimal.Types(made.Bytes).Count(type => type.StartsWith("ptr", StringComparison.Ordinal)));
    }

    [Fact]
    public void It_stops_when_it_is_cancelled()
    {
        var (bpf, kernel) = new Ask(b => b.Struct("s", 4, M("x", b.Int("int", 4))), b => b.Struct("s", 4, M("x", b.Int("int", 4))))
            .Load("0:0", 0, 4).Open();
        Assert.Throws<OperationCanceledException>(() => MinimalBtfMaker.Make(bpf, kernel, new CancellationToken(canceled: true)));
    }
}
