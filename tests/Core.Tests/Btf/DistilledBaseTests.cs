using Relo.Core.Btf;
using Relo.Core.Bytes;

namespace Relo.Core.Tests.Btf;

/// <summary>btf_relocate.c of libbpf. libbpf has btf__relocate only since 1.5, so the expected values are worked out by hand.</summary>
public class DistilledBaseTests
{
    private delegate void Make(BtfWriter types);

    /// <summary>A kernel in which what a module needs has other ids and other places among the strings than in the excerpt.</summary>
    private static BtfTypes Kernel(Make? more = null, bool bigEndian = false)
    {
        var b = new BtfWriter(bigEndian);
        b.Int("unrelated", 2);
        b.Int("char", 1);
        b.Int("int", 4, BtfInt.SignedEncoding);                                                       // 3
        b.Struct("sk_buff", 232, new BtfWriter.Member("len", 3, 32));                                 // 4
        b.Enum("colour", 4, false, ("RED", 0), ("GREEN", 1));                                         // 5
        b.Enum64("wide", false, ("HUGE", 1L << 40));                                                  // 6
        b.Float("double", 8);                                                                         // 7
        b.Fwd("opaque");                                                                              // 8
        b.Union("value", 8, new BtfWriter.Member("number", 3, 0));                                    // 9
        more?.Invoke(b);
        return BtfReader.Read(b.ToBytes());
    }

    /// <summary>A module, and the excerpt it stands on.</summary>
    private static (byte[] Base, byte[] Module) Module(Make distilled, Make own, bool bigEndian = false)
    {
        var b = new BtfWriter(bigEndian);
        distilled(b);
        var bytes = b.ToBytes();
        var split = new BtfWriter(bigEndian, BtfReader.Read(bytes));
        own(split);
        return (bytes, split.ToBytes());
    }

    private static BtfTypes Fit(BtfTypes kernel, (byte[] Base, byte[] Module) module) =>
        BtfReader.Read(DistilledBase.Fit(module.Base, module.Module, kernel).Module, kernel);

    private static string Refused(BtfTypes kernel, (byte[] Base, byte[] Module) module)
    {
        var fault = Assert.Throws<MalformedObjectException>(() => DistilledBase.Fit(module.Base, module.Module, kernel));
        Assert.Equal((MalformedObjectException.InvalidBtf, ".BTF.base"), (fault.Code, fault.Section));
        return fault.Message;
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void References_to_the_excerpt_become_the_kernels_and_the_modules_own_move_up(bool bigEndian)
    {
        var kernel = Kernel(bigEndian: bigEndian);
        var module = Module(
            b =>
            {
                b.Int("int", 4, BtfInt.SignedEncoding); // 1
                b.Struct("sk_buff", 232);               // 2
            },
            b =>
            {
                var pointer = b.Ptr(2); // 3
                b.Struct("mine", 16, new("skb", pointer, 0), new("count", 1, 64)); // 4
                b.Ref(BtfKind.Typedef, 4, "mine_t"); // 5
            },
            bigEndian);
        var fitted = Fit(kernel, module);
        Assert.Equal(10u, fitted.FirstId);
        Assert.Equal((BtfKind.Ptr, 4u), (fitted[10].Kind, fitted[10].SizeOrType));
        Assert.Equal((10u, 3u), (fitted.Member(fitted[11], 0).TypeId, fitted.Member(fitted[11], 1).TypeId));
        Assert.Equal(11u, fitted[12].SizeOrType);
        Assert.Equal(("mine", "skb", "mine_t"),
            (Name(fitted, fitted[11]), fitted.NameText(fitted.Member(fitted[11], 0).NameOffset), Name(fitted, fitted[12])));
        Assert.Equal(16, fitted.SizeOf(12));
    }

    private static string Name(BtfTypes types, BtfType type) => types.NameText(type.NameOffset);

    [Fact]
    public void A_name_that_the_excerpt_shares_with_the_module_becomes_the_kernels()
    {
        var kernel = Kernel();
        // a member called "int"
        var fitted =
            Fit(kernel, Module(b => b.Int("int", 4, BtfInt.SignedEncoding), b => b.Add("s", BtfKind.Struct, 4, 1, false, 1, 1, 0)));
        Assert.Equal(kernel[3].NameOffset, fitted.Member(fitted[10], 0).NameOffset);
    }

    public static TheoryData<string, Action<BtfWriter>, uint> Kinds() => new()
    {
        { "an integer", b => b.Int("int", 4, BtfInt.SignedEncoding), 3 },
        { "a struct", b => b.Struct("sk_buff", 232), 4 },
        { "an enum", b => b.Enum("colour", 4, false), 5 },
        { "a wide enum, which the excerpt has as enum", b => b.Enum("wide", 8, false), 6 },
        { "a float", b => b.Float("double", 8), 7 },
        { "a forward declaration", b => b.Fwd("opaque"), 8 },
        { "a struct that is only declared in the kernel", b => b.Struct("opaque", 16), 8 },
        { "a union", b => b.Union("value", 8), 9 },
        { "a declaration of what the kernel defines", b => b.Fwd("sk_buff"), 4 },
        { "a declaration of a union", b => b.Fwd("value", union: true), 9 },
        { "a struct of another size that only pointers lead to", b => b.Struct("sk_buff", 200), 4 },
    };

    [Theory]
    [MemberData(nameof(Kinds), DisableDiscoveryEnumeration = true)]
    public void A_type_is_found_by_name_kind_and_size(string what, Action<BtfWriter> distilled, uint expected)
    {
        var fitted = Fit(Kernel(), Module(b => distilled(b), b => b.Ptr(1)));
        Assert.True(expected == fitted[10].SizeOrType, $"{what}: {fitted[10].SizeOrType}");
    }

    public static TheoryData<string, Action<BtfWriter>> Strangers() => new()
    {
        { "int 'int' of 4 bytes is not in the kernel's BTF", b => b.Int("int", 4) }, // not signed
        { "int 'int' of 8 bytes is not in the kernel's BTF", b => b.Int("int", 8, BtfInt.SignedEncoding) },
        { "enum 'colour' of 1 bytes is not", b => b.Enum("colour", 1, false) },
        { "struct 'gone' of 8 bytes is not", b => b.Struct("gone", 8) },
        { "union 'sk_buff' of 232 bytes is not", b => b.Union("sk_buff", 232) },
        { "struct 'colour' of 4 bytes is not", b => b.Struct("colour", 4) },
        { "fwd 'sk_buff' is not", b => b.Fwd("sk_buff", union: true) },
        { "float 'double' of 4 bytes is not", b => b.Float("double", 4) },
        { "is struct '' of 8 bytes, expected a named", b => b.Struct("", 8) },
        { "is typedef 'int' of 0 bytes, expected a named", b => b.Ref(BtfKind.Typedef, 0, "int") },
    };

    [Theory]
    [MemberData(nameof(Strangers), DisableDiscoveryEnumeration = true)]
    public void A_type_that_the_kernel_has_not_is_refused_with_its_name(string message, Action<BtfWriter> distilled) =>
        Assert.Contains(message, Refused(Kernel(), Module(b => distilled(b), b => b.Ptr(1))), StringComparison.Ordinal);

    // "size verification is required for embedded struct/unions"
    [Fact]
    public void A_struct_that_the_module_embeds_must_have_the_kernels_size_through_typedefs_and_arrays_too()
    {
        foreach (var through in new Func<BtfWriter,
            uint>[] { _ => 1, b => b.Ref(BtfKind.Typedef, 1, "t"), b => b.Array(1, 1, 2), b => b.Ref(BtfKind.Const, b.Array(b.Ref(BtfKind.Volatile, 1), 1, 3)) })
        {
            Make own = b => b.Struct("mine", 1000, new BtfWriter.Member("skb", through(b), 0));
            Assert.Contains("struct 'sk_buff' of 200 bytes is not", Refused(Kernel(), Module(b => b.Struct("sk_buff", 200), own)),
                StringComparison.Ordinal);
            Fit(Kernel(), Module(b => b.Struct("sk_buff", 232), own));
        }
    }

    // "Size only needs to be used for struct/union if there are multiple types in base BTF with the same name."
    [Fact]
    public void Of_several_structs_of_one_name_the_size_decides_and_if_it_does_not_nothing_is_guessed()
    {
        var two = Kernel(b => b.Struct("sk_buff", 100, new BtfWriter.Member("x", 3, 0))); // 10
        Assert.Equal(10u, Fit(two, Module(b => b.Struct("sk_buff", 100), b => b.Ptr(1)))[11].SizeOrType);
        Assert.Contains(
            "is not in the kernel's BTF", Refused(two, Module(b => b.Struct("sk_buff", 101), b => b.Ptr(1))), StringComparison.Ordinal);
        var same = Kernel(b => b.Struct("sk_buff", 232, new BtfWriter.Member("x", 3, 0)));
        Assert.Contains("may be type 4 or 10 of the kernel", Refused(same, Module(b => b.Struct("sk_buff", 232), b => b.Ptr(1))),
            StringComparison.Ordinal);
    }

    [Fact]
    public void A_flavour_is_another_name()
    {
        var kernel = Kernel(b => b.Struct("sk_buff___old", 232));
        Assert.Equal(4u, Fit(kernel, Module(b => b.Struct("sk_buff", 232), b => b.Ptr(1)))[11].SizeOrType);
    }

    // btf_relocate_rewrite_strs: "string '%s' is not mapped to base BTF"
    [Fact]
    public void A_name_of_the_excerpt_that_is_no_types_is_refused()
    {
        var module = Module(
            b => { b.Int("int", 4, BtfInt.SignedEncoding); b.Text("loose"); }, b => b.Struct("s", 4, new BtfWriter.Member("loose", 1, 0)));
        var split = new BtfWriter(splitBase: BtfReader.Read(module.Base));
        split.Add("s", BtfKind.Struct, 4, 1, false, 5, 1, 0); // the text after "\0int\0"
        Assert.Contains("has the name 'loose', which no type of .BTF.base has", Refused(Kernel(), (module.Base, split.ToBytes())),
            StringComparison.Ordinal);
    }

    [Fact]
    public void What_stands_on_the_module_is_fitted_with_it()
    {
        var kernel = Kernel();
        // 2, 3
        var module = Module(b => b.Int("int", 4, BtfInt.SignedEncoding),
            b => { b.FuncProto(1, ("x", 1u)); b.Struct("mine", 4, new BtfWriter.Member("a", 1, 0)); });
        var writer = new BtfWriter(splitBase: BtfReader.Read(module.Module, BtfReader.Read(module.Base)));
        var function = writer.Ref(BtfKind.Func, 2, "inlined");                                // 4
        var place = writer.Add("", BtfKind.LocParam, 4, 1, false, 8, 5);                     // 5: flags, register 5
        var places = writer.Add("", BtfKind.LocProto, 0, 2, false, place, 0);                // 6
        writer.Add("inline.text", BtfKind.LocSec, 0, 1, false, function, places, 128);       // 7
        var fit = DistilledBase.Fit(module.Base, module.Module, kernel);
        var inline = BtfReader.Read(fit.Refit(writer.ToBytes()), BtfReader.Read(fit.Module, kernel));
        Assert.Equal((12u, 10u), (inline.FirstId, inline[12].SizeOrType));
        Assert.Equal((8u, 5u), (inline.WordAfterHead(inline[13], 0), inline.WordAfterHead(inline[13], 1)));
        Assert.Equal((13u, 0u), (inline.WordAfterHead(inline[14], 0), inline.WordAfterHead(inline[14], 1)));
        Assert.Equal((12u, 14u, 128u),
            (inline.WordAfterHead(inline[15], 0), inline.WordAfterHead(inline[15], 1), inline.WordAfterHead(inline[15], 2)));
        Assert.Equal("inline.text", Name(inline, inline[15]));
    }

    [Fact]
    public void The_work_is_bounded()
    {
        var kernel = Kernel(b => { for (var i = 0; i < 3000; i++) b.Struct("same", (uint)i); });
        Assert.Contains("share their names with more than",
            Refused(kernel, Module(b => { for (var i = 0; i < 3000; i++) b.Struct("same", (uint)i); }, b => b.Ptr(1))),
            StringComparison.Ordinal);
    }

    [Fact]
    public void Every_damaged_byte_is_refused_or_gives_sound_BTF()
    {
        var kernel = Kernel();
        var module = Module(b => { b.Int("int", 4, BtfInt.SignedEncoding); b.Struct("sk_buff", 232); },
            b => b.Struct("mine", 8, new("a", b.Ptr(2), 0), new("b", 1, 64)));
        for (var i = 0; i < module.Base.Length + module.Module.Length; i++)
        {
            foreach (var value in new byte[] { 0, 1, 0x7f, 0xff })
            {
                byte[] distilled = [.. module.Base], split = [.. module.Module];
                if (i < distilled.Length) distilled[i] = value;
                else split[i - distilled.Length] = value;
                try
                {
                    Fit(kernel, (distilled, split));
                }
                catch (MalformedObjectException)
                {
                    // with its place, like any other damage
                }
            }
        }
    }
}
