using Relo.Core.Btf;
using Relo.Core.Bytes;
using Relo.Core.Checks;
using Relo.Core.Compatibility;
using Relo.Core.Objects;
using Relo.Core.Report;

namespace Relo.Core.Tests.Compatibility;

/// <summary>The result for one kernel among many equals the result for it alone.</summary>
internal static class SameAsReport
{
    /// <summary>Compares the outcome of <paramref name="check"/> with a relocation and its report; gives the outcome.</summary>
    public static KernelOutcome Of(CompatibilityCheck check, BpfObject bpf, BtfTypes kernel)
    {
        var outcome = check.Of(kernel, cancellation: TestContext.Current.CancellationToken);
        if (Relocator.Relocate(bpf, kernel, cancellation: TestContext.Current.CancellationToken) is not Relocated relocated)
        {
            var alone =
                Assert.IsType<RelocationFailed>(Relocator.Relocate(bpf, kernel, cancellation: TestContext.Current.CancellationToken));
            Assert.Equal(alone, Assert.IsType<Unrelocatable>(outcome).Failure);
            return outcome;
        }
        var report = ReportBuilder.Build(bpf, relocated);
        var found = Assert.IsType<Relocatable>(outcome);
        Assert.Equal((report.Verdict, Digest.Of(relocated.PatchedBytes.Span)), (found.Verdict, found.PatchedDigest));
        Assert.Equal(report.FieldChanges.Select(change => string.Join(' ', change.Uses)),
            found.FieldChanges.Select(change => string.Join(' ', change.Uses)));
        Assert.Equal(report.FieldChanges.Select(change => change with { Uses = [] }),
            found.FieldChanges.Select(change => change with { Uses = [] }));
        var poisoned = report.Relocations.Where(entry => entry.Outcome == RelocationEffect.Poisoned)
            .GroupBy(entry => (entry.Local, entry.Reason, entry.Program, entry.Source))
            .Select(same => new MissingAccess(
                same.Key.Local, same.Key.Reason!, same.Key.Program, same.Any(entry => entry.Reachable == true), same.Key.Source));
        Assert.Equal(poisoned, found.Missing);
        Assert.Equal(report.Checks.Where(check => check.Status is CheckStatus.Absent or CheckStatus.Changed), found.Checks);
        return outcome;
    }
}
