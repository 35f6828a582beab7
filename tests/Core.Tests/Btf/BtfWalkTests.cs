using Relo.Core.Btf;

namespace Relo.Core.Tests.Btf;

/// <summary>libbpf btf__resolve_size, determine_ptr_size.</summary>
public class BtfWalkTests
{
    private static BtfTypes Read(Action<BtfWriter> write)
    {
        var b = new BtfWriter();
        write(b);
        return BtfReader.Read(b.ToBytes());
    }

    [Fact]
    public void Arrays_multiply_the_size_of_their_elements()
    {
        var types = Read(b => b.Array(b.Array(b.Int("int", 4), 1, 3), 1, 5));
        Assert.Equal(60, types.SizeOf(3));
    }

    [Fact]
    public void Void_and_functions_have_no_size()
    {
        var types = Read(b => b.Ref(BtfKind.Func, b.FuncProto(0), "f"));
        Assert.Equal(Errno.EInval, types.SizeOf(0));
        Assert.Equal(Errno.EInval, types.SizeOf(1));
    }

    [Fact]
    public void Arrays_over_four_gigabytes_are_too_big()
    {
        var types = Read(b => b.Array(b.Array(b.Int("int", 4), 1, 0x10000), 1, 0x10000));
        Assert.Equal(Errno.E2Big, types.SizeOf(3));
    }

    [Fact]
    public void More_than_32_steps_have_no_size()
    {
        static BtfTypes Chain(int steps) => Read(b =>
        {
            var id = b.Int("int", 4);
            for (var i = 0; i < steps; i++) id = b.Ref(BtfKind.Const, id);
        });
        Assert.Equal(4, Chain(31).SizeOf(32));
        Assert.Equal(Errno.EInval, Chain(32).SizeOf(33));
    }

    [Theory]
    [InlineData("long", 4u, 4)]
    [InlineData("long unsigned int", 8u, 8)]
    [InlineData("unsigned long", 4u, 4)]
    [InlineData("long long", 4u, 8)] // no spelling of long: the default
    [InlineData("long", 2u, 8)]      // no pointer has two bytes
    public void Pointers_are_as_wide_as_long(string name, uint size, int expected) =>
        Assert.Equal(expected, Read(b => b.Int(name, size)).PointerSize);
}
