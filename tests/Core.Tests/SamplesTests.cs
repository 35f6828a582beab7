using Relo.Core.Btf;
using Relo.Core.Objects;
using Relo.Core.Report;
using Relo.Core.Tests.Fixtures;

namespace Relo.Core.Tests;

/// <summary>The statements of wwwroot/samples/README.md about the sample.</summary>
public sealed class SamplesTests
{
    [Fact]
    public void State_stays_where_the_object_was_built_for()
    {
        var relocations = Relocate(Samples.FlagsStatus);
        Assert.Contains(relocations,
            r => r is { Outcome: RelocationEffect.Unchanged, Before: "r1 = *(u64 *)(r1 + 16)", After: "r1 = *(u64 *)(r1 + 16)" });
        Assert.Contains(relocations, r => r is { Before: "r1 = 24", After: "r1 = 80" });
        Assert.Equal(3, relocations.Count(r => r.Outcome == RelocationEffect.Poisoned));
    }

    [Fact]
    public void State_moves_where_syscall_work_stands_before_it()
    {
        var relocations = Relocate(Samples.SyscallWork);
        Assert.Contains(relocations,
            r => r is { Outcome: RelocationEffect.Changed, Before: "r1 = *(u64 *)(r1 + 16)", After: "r1 = *(u64 *)(r1 + 24)" });
        Assert.Contains(relocations, r => r is { Before: "r1 = 24", After: "r1 = 88" });
        Assert.Contains(relocations, r => r is { Before: "r1 >>= 0", After: "r1 >>= 2" });
        var poisoned = Assert.Single(relocations, r => r.Outcome == RelocationEffect.Poisoned);
        Assert.Equal(("r1 = *(u32 *)(r1 + 0)", "call 195896080"), (poisoned.Before, poisoned.After));
    }

    private static IReadOnlyList<RelocationEntry> Relocate(byte[] kernel)
    {
        var bpf = BpfObject.Read(Samples.Object);
        return ReportBuilder.Build(bpf, Assert.IsType<Relocated>(Relocator.Relocate(bpf, BtfReader.Read(kernel))),
            TestContext.Current.CancellationToken).Relocations;
    }
}
