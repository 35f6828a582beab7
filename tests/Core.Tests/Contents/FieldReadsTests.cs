using Relo.Core.Contents;
using Relo.Core.Objects;
using Relo.Core.Tests.Fixtures;

namespace Relo.Core.Tests.Contents;

/// <summary>Which records of the sample are about a type or a field.</summary>
public class FieldReadsTests
{
    private static readonly BpfObject _object = BpfObject.Read(Samples.Object);

    private static IEnumerable<string> Reads(string text) =>
        FieldReads.TryParse(text)!.Of(_object, most: 100).Select(record => record.Local.Split(" (")[0]);

    [Fact]
    public void Field_is_found_under_every_flavour_of_its_type()
    {
        Assert.All(Reads("task_struct.state"), local => Assert.Matches(@"^struct task_struct(___\w+)?\.state$", local));
        Assert.NotEmpty(Reads("task_struct.state"));
        Assert.Equal(Reads("task_struct.state"), Reads("struct task_struct.state"));
        Assert.Empty(Reads("task_struct.stat"));
        Assert.True(Reads("task_struct").Count() > Reads("task_struct.state").Count());
    }

    [Fact]
    public void Field_of_an_embedded_struct_is_found_by_the_outer_and_by_the_inner_type()
    {
        Assert.Contains("struct task_struct.thread_info", Reads("thread_info"));
        var found = LibbpfTools.Objects.Where(one => one.Name.StartsWith("tcpconnect", StringComparison.Ordinal)).ToList();
        Assert.SkipWhen(found.Count == 0, "libbpf-tools is not installed");
        var tcpconnect = BpfObject.Read(found[0].Bytes);
        var inner = FieldReads.TryParse("sock_common.skc_daddr")!.Of(tcpconnect, most: 100);
        Assert.NotEmpty(inner);
        Assert.Equal(FieldReads.TryParse("sock.__sk_common.skc_daddr")!.Of(tcpconnect, most: 100), inner);
    }

    [Fact]
    public void No_more_records_than_wanted_are_returned() => Assert.Single(FieldReads.TryParse("task_struct")!.Of(_object, most: 1));

    [Theory]
    [InlineData("")]
    [InlineData(".")]
    [InlineData("task_struct.")]
    [InlineData(".state")]
    public void Text_without_a_type_or_field_is_refused(string text) => Assert.Null(FieldReads.TryParse(text));
}
