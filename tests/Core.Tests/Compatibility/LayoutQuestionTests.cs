using Relo.Core.Compatibility;
using Relo.Core.Objects;
using Relo.Core.Tests.Building;

namespace Relo.Core.Tests.Compatibility;

/// <summary>What decides whether kernels may share the outcome of an object.</summary>
public class LayoutQuestionTests
{
    // A module's layout of a name counts only where vmlinux has none.
    [Fact]
    public void Kernels_share_no_outcome_of_an_object_that_names_a_module()
    {
        Assert.Contains("module nf_nat", Of("fentry/nf_nat:f").Obstacle, StringComparison.Ordinal);
        Assert.Null(Of("fentry/f").Obstacle);
        Assert.Null(Of("fentry/vmlinux:f").Obstacle);
    }

    private static LayoutQuestion Of(string section)
    {
        var writer = new ObjectWriter();
        var code = writer.Section(section);
        code.Function("prog", code.Add(Asm.Exit), 1);
        return LayoutQuestion.Of(BpfObject.Read(writer.ToBytes()));
    }
}
