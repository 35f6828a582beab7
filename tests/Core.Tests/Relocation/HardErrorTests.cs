using Relo.Core.Btf;
using Relo.Core.BtfExt;
using Relo.Core.Objects;
using Relo.Core.Tests.Building;

namespace Relo.Core.Tests.Relocation;

/// <summary>What a user learns of a hard error besides libbpf's text.</summary>
public class HardErrorTests
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    private static RelocationFailed Fail(Func<BtfWriter, uint> root)
    {
        var writer = new ObjectWriter();
        var section = writer.Section("kprobe/a");
        section.Add(Asm.Mov(1, 0), Asm.Exit);
        section.Line(0, "prog.bpf.c", 2, 35, "return BPF_CORE_READ((struct { int zz; } *)u, zz);");
        writer.Relo(section, 0, root(writer.Btf), "0:0", CoreReloKind.FieldByteOffset);
        return Assert.IsType<RelocationFailed>(
            Relocator.Relocate(BpfObject.Read(writer.ToBytes()), BtfReader.Read(new BtfWriter().ToBytes()), cancellation: Stop));
    }

    [Fact]
    public void A_hard_error_has_the_c_line()
        => Assert.Equal(new SourceLine("prog.bpf.c", 2, 35, "return BPF_CORE_READ((struct { int zz; } *)u, zz);"),
            Fail(b => b.Struct("", 4, new BtfWriter.Member("zz", b.Int("int", 4), 0))).Source);

    [Theory]
    [InlineData(BtfKind.Struct, "a struct without a name")]
    [InlineData(BtfKind.Union, "a union without a name")]
    [InlineData(BtfKind.Const, "a type without a name (BTF kind const)")]
    [InlineData(BtfKind.Ptr, "a type without a name (BTF kind ptr)")]
    public void A_root_type_without_a_name_comes_with_what_to_do(BtfKind kind, string words)
    {
        var failed = Fail(b =>
        {
            var i = b.Int("int", 4);
            return kind switch
            {
                BtfKind.Struct => b.Struct("", 4, new BtfWriter.Member("zz", i, 0)),
                BtfKind.Union => b.Union("", 4, new BtfWriter.Member("zz", i, 0)),
                _ => b.Ref(kind, i),
            };
        });
        Assert.Contains("target candidate search failed for", failed.Message, StringComparison.Ordinal); // libbpf's text is unchanged
        Assert.Contains(words, failed.Hint, StringComparison.Ordinal);
    }

    [Fact]
    public void A_hard_error_of_a_named_type_needs_no_hint() => Assert.Null(Fail(b => b.Struct("task", 4, [])).Hint);
}
