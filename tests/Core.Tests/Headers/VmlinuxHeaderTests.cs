using System.Text;
using Relo.Core.Btf;
using Relo.Core.Headers;
using Relo.Core.Layouts;

namespace Relo.Core.Tests.Headers;

/// <summary>vmlinux.h: C that clang lays out as the kernel did. That it does is measured in Conformance.</summary>
public class VmlinuxHeaderTests
{
    private const long MostCharacters = 1 << 20;

    private static string Header(Action<BtfWriter> write, long most = MostCharacters)
    {
        var btf = new BtfWriter();
        write(btf);
        var text = new StringBuilder();
        VmlinuxHeader.Write(BtfReader.Read(btf.ToBytes()), "a kernel", most, piece => text.Append(piece), CancellationToken.None);
        return text.ToString();
    }

    private static void Has(string expected, string header) =>
        Assert.Contains(expected.ReplaceLineEndings("\n") + "\n", header, StringComparison.Ordinal);

    [Fact]
    public void Bytes_that_alignment_does_not_explain_are_unnamed_bit_fields()
    {
        var header = Header(b =>
        {
            var (small, word, wide) = (b.Int("char", 1), b.Int("int", 4), b.Int("long int", 8));
            b.Struct("x", 64, new("a", small, 0), new("b", word, 32), new("c", small, 64), new("d", wide, 192), new("f", word, 256, 3),
                new("g", word, 265, 2));
        });
        Has("""
            struct x {
            	char a;
            	int b;
            	char c;
            	char : 8;
            	short : 16;
            	int : 32;
            	long : 64;
            	long int d;
            	int f:3;
            	char : 5;
            	char : 1;
            	int g:2;
            	char : 5;
            	short : 16;
            	int : 32;
            	long : 64;
            	long : 64;
            	long : 64;
            };
            """, header);
    }

    [Fact]
    public void Struct_with_members_where_alignment_forbids_them_is_packed()
    {
        var header = Header(b =>
        {
            var (small, word) = (b.Int("char", 1), b.Int("int", 4));
            var inner = b.Struct("packed_one", 5, new("a", small, 0), new("b", word, 8));
            b.Struct("outer", 12, new("s", small, 0), new("inner", inner, 8), new("end", word, 64));
        });
        Has("struct packed_one {\n\tchar a;\n\tint b;\n} __attribute__((packed));", header);
        Has("struct outer {\n\tchar s;\n\tstruct packed_one inner;\n\tint end;\n};", header); // alignment explains the hole
    }

    [Fact]
    public void Union_that_is_larger_than_its_members_is_aligned()
    {
        var header = Header(b => b.Union("u", 16, new BtfWriter.Member("a", b.Int("long int", 8), 0)));
        Has("union u {\n\tlong int a;\n} __attribute__((aligned(16)));", header);
    }

    [Fact]
    public void Enum_has_the_size_and_sign_of_the_kernel()
    {
        var header = Header(b =>
        {
            b.Enum("narrow", 1, false, ("A", 255));
            b.Enum("usual", 4, true, ("B", -1));
            b.Enum64("wide", false, ("C", -1));
            b.Enum("incomplete", 4, false);
        });
        Has("enum narrow {\n\tA = 255,\n} __attribute__((packed));", header);
        Has("enum usual {\n\tB = -1,\n};", header);
        Has("enum wide {\n\tC = 18446744073709551615ULL,\n};", header);
        Has("enum incomplete;", header);
    }

    [Fact]
    public void Definitions_stand_before_their_uses_and_are_sorted()
    {
        var header = Header(b =>
        {
            var word = b.Int("int", 4);
            var later = b.Struct("b_inner", 4, new BtfWriter.Member("x", word, 0));
            b.Struct("c_last", 4, new BtfWriter.Member("x", word, 0));
            var alias = b.Ref(BtfKind.Typedef, later, "z_alias");
            b.Struct("a_outer", 16, new("in", alias, 0), new("to", b.Ptr(b.Fwd("elsewhere")), 64));
        });
        string[] order = ["struct a_outer;", "struct elsewhere;", "typedef struct b_inner z_alias;", "struct b_inner {", "struct a_outer {",
            "struct c_last {"];
        var places = order.Select(part => header.IndexOf("\n" + part, StringComparison.Ordinal)).ToList();
        Assert.DoesNotContain(-1, places);
        Assert.Equal(places.Order(), places);
    }

    [Fact]
    public void Second_type_of_a_name_is_a_flavour_and_so_are_its_enumerators()
    {
        var header = Header(b =>
        {
            var word = b.Int("int", 4);
            b.Struct("x", 4, new BtfWriter.Member("a", word, 0));
            b.Struct("x", 8, new("a", word, 0), new("b", word, 32));
            b.Enum("e", 4, false, ("ONE", 1));
            b.Enum("other", 4, false, ("ONE", 2));
            b.Ref(BtfKind.Typedef, word, "ONE");
            b.Struct("holder", 8, new BtfWriter.Member("p", b.Ptr(b.Fwd("x")), 0));
        });
        Has("struct x___2 {\n\tint a;\n\tint b;\n};", header);
        Has("\tONE___2 = 2,", header);
        Has("typedef int ONE___3;", header);
        Has("\tstruct x *p;", header); // a forward declaration means the struct of its name
    }

    [Fact]
    public void Words_of_C_and_names_of_other_languages_become_names_that_C_accepts()
    {
        var header = Header(b =>
        {
            var word = b.Int("int", 4);
            b.Struct("core::fmt", 4, new BtfWriter.Member("inline", word, 0));
            b.Ref(BtfKind.Typedef, word, "__builtin_va_list");
        });
        Has("struct core__fmt {\n\tint inline_;\n};", header);
        Has("typedef int __builtin_va_list___2;", header);
    }

    [Fact]
    public void Integer_that_C_does_not_know_is_declared_where_it_is_used()
    {
        var header = Header(b =>
        {
            b.Int("sizetype", 8);
            b.Struct("x", 24, new("a", b.Int("__Poly64_t", 8), 0), new("b", b.Int("odd one", 16, 0), 64));
        });
        Has("typedef long long unsigned int __Poly64_t;", header);
        Has("\t__Poly64_t a;\n\tunsigned __int128 b;", header);
        Assert.DoesNotContain("sizetype", header, StringComparison.Ordinal);
    }

    [Fact]
    public void Pointers_of_a_32_bit_kernel_do_not_cause_padding_but_structs_without_them_keep_their_layout()
    {
        var header = Header(b =>
        {
            var (word, wide) = (b.Int("long int", 4), b.Int("long long int", 8));
            b.Struct("list", 8, new("next", b.Ptr(word), 0), new("x", word, 32));
            b.Struct("plain", 12, new("a", b.Int("int", 4), 0), new("b", wide, 32));
        });
        Has("struct list {\n\tlong int *next;\n\tlong int x;\n};", header);
        Has("struct plain {\n\tint a;\n\tlong long int b;\n} __attribute__((packed));", header);
        Assert.Contains("Pointers and long have 4 bytes on this kernel", header, StringComparison.Ordinal);
    }

    [Fact]
    public void Tags_are_attributes_and_kfuncs_are_declared()
    {
        var header = Header(b =>
        {
            var word = b.Int("int", 4);
            var user = b.Ptr(b.Ref(BtfKind.TypeTag, word, "user"));
            var callback = b.Ptr(b.Ref(BtfKind.TypeTag, b.FuncProto(word, ("x", word)), "rcu"));
            var tagged = b.Struct("x", 16, new("p", user, 0), new("call", callback, 64));
            b.DeclTag("whole", tagged);
            b.DeclTag("say \"a\"", tagged, 0);
            b.DeclTag("bpf_kfunc", b.Ref(BtfKind.Func, b.FuncProto(word, ("task", b.Ptr(tagged))), "bpf_do"));
        });
        Has("""
            struct x {
            	int __attribute__((btf_type_tag("user"))) *p __attribute__((btf_decl_tag("say \"a\"")));
            	int (__attribute__((btf_type_tag("rcu"))) *call)(int x);
            } __attribute__((btf_decl_tag("whole")));
            """, header);
        Has("extern int bpf_do(struct x *task) __weak __ksym;", header);
    }

    [Fact]
    public void Struct_that_is_a_member_without_a_name_is_written_out()
    {
        var header = Header(b =>
        {
            var named = b.Struct("named", 4, new BtfWriter.Member("a", b.Int("int", 4), 0));
            b.Struct("holder", 4, new BtfWriter.Member("", named, 0));
        });
        Has("struct holder {\n\tstruct {\n\t\tint a;\n\t};\n};", header);
    }

    [Fact]
    public void Structs_that_contain_each_other_many_times_are_refused()
    {
        Assert.Throws<LayoutTooLargeException>(() => Header(b =>
        {
            var id = b.Struct("", 0);
            for (var i = 0; i < 30; i++) id = b.Struct(i == 29 ? "bomb" : "", 0, new("", id, 0), new("", id, 0));
        }));
        Assert.Throws<LayoutTooLargeException>(() => Header(b => b.Struct("hole", uint.MaxValue)));
        Assert.Throws<LayoutTooLargeException>(() => Header(b =>
        {
            var id = b.Struct("s0", 0);
            for (var i = 1; i < 5000; i++) id = b.Struct($"s{9999 - i}", 0, new BtfWriter.Member("in", id, 0)); // the outermost comes first
        }));
    }

    [Fact]
    public void Text_counts_as_it_is_written_so_many_holes_that_each_fit_allocate_little()
    {
        const int holes = 40, bytes = 700_000;
        var btf = new BtfWriter();
        var small = btf.Int("char", 1);
        btf.Struct("x", holes * bytes,
            [.. Enumerable.Range(0, holes).Select(i => new BtfWriter.Member($"m{i}", small, (uint)(i * bytes * 8)))]);
        var types = BtfReader.Read(btf.ToBytes());
        var before = GC.GetAllocatedBytesForCurrentThread();
        Assert.Throws<LayoutTooLargeException>(
            () => VmlinuxHeader.Write(types, "a kernel", MostCharacters, _ => { }, CancellationToken.None));
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 32 << 20);
    }

    [Fact]
    public void Names_that_are_one_text_in_the_BTF_are_refused_if_they_are_too_long_together()
    {
        var name = new string('a', 500);
        Assert.Throws<LayoutTooLargeException>(() => Header(b =>
        {
            var word = b.Int("int", 4);
            for (var i = 0; i < 5_000; i++) b.Ref(BtfKind.Typedef, word, name);
        }));
        Assert.Throws<LayoutTooLargeException>(() => Header(b =>
        {
            b.Struct(name, 0);
            for (var i = 0; i < 5_000; i++) b.Fwd(name); // the header does not contain them
        }));
    }

    [Fact]
    public void Cancellation_ends_the_work_before_the_first_definition()
    {
        var btf = new BtfWriter();
        btf.Ptr(btf.Int("__Poly64_t", 8));
        using var stop = new CancellationTokenSource();
        stop.Cancel();
        Assert.Throws<OperationCanceledException>(
            () => VmlinuxHeader.Write(BtfReader.Read(btf.ToBytes()), "a kernel", MostCharacters, _ => { }, stop.Token));
    }

    [Fact]
    public void Attribute_with_a_line_break_at_its_end_is_left_out()
    {
        var header = Header(b =>
        {
            var tagged = b.Struct("x", 4, new BtfWriter.Member("a", b.Int("int", 4), 0));
            b.Add("unused\n", BtfKind.DeclTag, tagged, 0, true, uint.MaxValue);
        });
        Has("struct x {\n\tint a;\n};", header);
    }

    [Fact]
    public void Array_that_is_larger_than_any_struct_is_written_without_padding()
    {
        var header = Header(b =>
        {
            var small = b.Int("char", 1);
            var huge = b.Array(b.Array(small, small, uint.MaxValue), small, uint.MaxValue);
            b.Struct("x", 9, new("a", huge, 0), new("b", small, 64));
        });
        Has("struct x {\n\tchar a[4294967295][4294967295];\n\tchar b;\n};", header);
    }
}
