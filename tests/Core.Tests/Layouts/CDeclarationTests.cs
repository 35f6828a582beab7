using Relo.Core.Btf;
using Relo.Core.Layouts;

namespace Relo.Core.Tests.Layouts;

/// <summary>C declarators: the part nearer to the name binds first.</summary>
public class CDeclarationTests
{
    private static string Declare(Func<BtfWriter, uint> type, string name = "x")
    {
        var btf = new BtfWriter();
        var id = type(btf);
        return CDeclaration.Of(BtfReader.Read(btf.ToBytes()), id, name);
    }

    [Fact]
    public void Pointer_to_an_array_is_not_an_array_of_pointers()
    {
        Assert.Equal("int (*x)[3]", Declare(b => b.Ptr(b.Array(b.Int("int", 4), 1, 3))));
        Assert.Equal("int *x[3]", Declare(b => b.Array(b.Ptr(b.Int("int", 4)), 1, 3)));
    }

    [Fact]
    public void Function_pointer_has_its_parameters()
    {
        Assert.Equal("void (*x)(int fd, ...)", Declare(b => b.Ptr(b.FuncProto(0, ("fd", b.Int("int", 4)), ("", 0u)))));
        Assert.Equal("int (*)(void)", Declare(b => b.Ptr(b.FuncProto(b.Int("int", 4))), ""));
    }

    [Fact]
    public void Qualifier_stands_where_it_belongs()
    {
        Assert.Equal("const char *x", Declare(b => b.Ptr(b.Ref(BtfKind.Const, b.Int("char", 1)))));
        Assert.Equal("char *const x", Declare(b => b.Ref(BtfKind.Const, b.Ptr(b.Int("char", 1)))));
    }

    [Fact]
    public void Anonymous_and_incomplete_types_are_named_by_their_kind()
    {
        Assert.Equal("struct {…} x", Declare(b => b.Struct("", 0)));
        Assert.Equal("union data *x", Declare(b => b.Ptr(b.Fwd("data", union: true))));
        Assert.Equal("enum mode x", Declare(b => b.Enum("mode", 4, false)));
    }

    [Fact]
    public void Type_that_refers_to_itself_ends()
    {
        // A prototype whose parameters are pointers to it, twice.
        var text = Declare(b =>
        {
            var prototype = b.NextId + 1;
            b.Ptr(prototype);
            return b.FuncProto(0, ("a", prototype - 1), ("b", prototype - 1));
        });
        Assert.Contains("…", text, StringComparison.Ordinal);
        Assert.True(text.Length < 1 << 20);
    }
}
