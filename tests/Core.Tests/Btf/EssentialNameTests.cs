using System.Text;
using Relo.Core.Btf;

namespace Relo.Core.Tests.Btf;

/// <summary>libbpf bpf_core_essential_name_len, bpf_core_is_flavor_sep.</summary>
public class EssentialNameTests
{
    [Theory]
    [InlineData("task_struct", "task_struct")]
    [InlineData("task_struct___v2", "task_struct")]
    [InlineData("a___b___c", "a___b")]      // the last separator cuts
    [InlineData("foo____x", "foo____x")]    // an underscore before or behind the three is no separator
    [InlineData("foo___", "foo___")]
    [InlineData("___x", "___x")]
    [InlineData("x___y", "x")]
    [InlineData("a___b____c", "a")]
    [InlineData("", "")]
    [InlineData("_", "_")]
    public void Name_is_cut_at_the_last_flavour_separator(string name, string essential) =>
        Assert.Equal(essential, Encoding.ASCII.GetString(EssentialName.Of(Encoding.ASCII.GetBytes(name))));

    [Fact]
    public void Every_name_of_a_few_letters_is_cut_where_a_scan_from_the_end_cuts_it()
    {
        for (var length = 0; length <= 14; length++)
            for (var bits = 0; bits < 1 << length; bits++)
            {
                var name = new byte[length];
                for (var i = 0; i < length; i++) name[i] = (byte)((bits >> i & 1) == 0 ? '_' : 'a');
                Assert.Equal(Scan(name), EssentialName.LengthOf(name));
            }

        static int Scan(ReadOnlySpan<byte> name)
        {
            for (var i = name.Length - 5; i >= 0; i--)
                if (name[i] != '_' && name.Slice(i + 1, 3).SequenceEqual("___"u8) && name[i + 4] != '_') return i + 1;
            return name.Length;
        }
    }
}
