using System.Text;
using Relo.Core.Access;
using Relo.Core.Btf;
using Relo.Core.BtfExt;
using Relo.Core.Tests.Building;

namespace Relo.Core.Tests.Access;

/// <summary>libbpf bpf_core_parse_spec.</summary>
public class AccessStringTests
{
    private static (int Error, int[] Steps) Parse(string text) => (AccessString.Parse(Encoding.ASCII.GetBytes(text), out var steps), steps);

    [Theory]
    [InlineData("0", new[] { 0 })]
    [InlineData("0:1:22", new[] { 0, 1, 22 })]
    [InlineData("0: 7", new[] { 0, 7 })]            // sscanf skips white space
    [InlineData("+3", new[] { 3 })]
    [InlineData("0:4294967297", new[] { 0, 1 })]    // and keeps 32 bits
    public void Steps_are_read_as_sscanf_reads_them(string text, int[] steps)
    {
        var (error, found) = Parse(text);
        Assert.Equal(0, error);
        Assert.Equal(steps, found);
    }

    [Theory]
    [InlineData("")]
    [InlineData(":0")]
    [InlineData("0:")]
    [InlineData("0::1")]
    [InlineData("0x1")]
    [InlineData("a")]
    [InlineData("0:-1")] // refused since libbpf 5ca5801a
    public void Anything_else_is_invalid(string text) => Assert.Equal(Errno.EInval, Parse(text).Error);

    [Fact]
    public void More_than_64_steps_are_too_many()
    {
        Assert.Equal(0, Parse(string.Join(':', Enumerable.Repeat(0, 64))).Error);
        Assert.Equal(Errno.E2Big, Parse(string.Join(':', Enumerable.Repeat(0, 65))).Error);
    }

    [Theory]
    [InlineData("0:2")]     // no such member
    [InlineData("0:0:0")]   // steps into an integer
    [InlineData("0:1:4")]   // behind the end of the array
    public void A_path_the_local_type_does_not_have_is_a_hard_error(string access)
    {
        static uint S(BtfWriter b) { var i = b.Int("int", 4); return b.Struct("s", 20, new("a", i, 0), new("b", b.Array(i, 1, 4), 32)); }
        Assert.Contains(
            $"parsing [3] struct s + {access} failed: -22", new Ask(S, b => S(b)).Load(access, 0).Run().Error, StringComparison.Ordinal);
    }

    [Fact]
    public void An_unknown_kind_is_a_hard_error() =>
        Assert.Contains("failed: -22",
            new Ask(b => b.Struct("s", 4, new BtfWriter.Member("a", b.Int("int", 4), 0)), b => b.Int("int", 4))
                .Move((CoreReloKind)13, "0:0", 0).Run().Error, StringComparison.Ordinal);

    [Fact]
    public void Specs_print_as_in_libbpfs_log()
    {
        static uint S(BtfWriter b)
        {
            var i = b.Int("int", 4);
            var inner = b.Struct("", 32, new("y", i, 0), new("a", b.Array(i, 1, 7), 32));
            return b.Struct("sample", 36, new("x", i, 0), new("", inner, 32));
        }
        var answer = new Ask(S, b => S(b)).Load("0:1:1:3", 20, bytes: 4).Run();
        Assert.Equal("<byte_off> [4] struct sample.a[3] (0:1:1:3 @ offset 20)", answer.Relocated.Fixups[0].Resolution.Target!.LibbpfText);
    }
}
