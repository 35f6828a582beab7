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
}
