using Relo.Core.Btf;
using Relo.Core.Bytes;
using Relo.Core.Objects;
using Relo.Core.Relocation;
using Relo.Core.Report;

namespace Relo.Core.Tests.Robustness;

/// <summary>
/// One object and one kernel through everything: read, relocate, report. Only <see cref="MalformedObjectException"/> may fly,
/// and the work is bounded by count: steps of matching, bytes allocated.
/// </summary>
internal static class Attempt
{
    /// <summary>Steps all accesses of a small object may take; unharmed it takes a few hundred.</summary>
    private const long MaxSteps = 100_000;

    /// <summary>Bytes that opening, relocating and reporting some kilobytes may allocate; unharmed it is under one megabyte.</summary>
    private const long MaxAllocated = 64L << 20;

    /// <summary>The result: a problem code, or the type of the outcome.</summary>
    public static string Run(ReadOnlyMemory<byte> objectBytes, ReadOnlyMemory<byte> kernelBytes)
    {
        var before = GC.GetAllocatedBytesForCurrentThread();
        try
        {
            return Through(objectBytes, kernelBytes);
        }
        catch (MalformedObjectException fault)
        {
            Assert.NotEmpty(fault.Message);
            Assert.True(fault.Offset >= 0, $"offset {fault.Offset} of: {fault.Message}");
            return fault.Code;
        }
        finally
        {
            Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, MaxAllocated);
        }
    }

    private static string Through(ReadOnlyMemory<byte> objectBytes, ReadOnlyMemory<byte> kernelBytes)
    {
        var kernel = BtfReader.Read(kernelBytes);
        var bpf = BpfObject.Read(objectBytes);
        CountSteps(bpf, kernel);
        var outcome = Relocator.Relocate(bpf, kernel, cancellation: TestContext.Current.CancellationToken);
        if (outcome is Relocated relocated)
        {
            Assert.Equal(objectBytes.Length, relocated.PatchedBytes.Length);
            var report = ReportBuilder.Build(bpf, relocated, TestContext.Current.CancellationToken);
            Assert.Equal(relocated.Fixups.Count, report.Relocations.Count);
            BpfObject.Read(relocated.PatchedBytes); // The output can be read again.
        }
        else if (outcome is RelocationFailed failed)
        {
            Assert.NotEmpty(failed.Message);
        }
        return outcome.GetType().Name;
    }

    private static void CountSteps(BpfObject bpf, BtfTypes kernel)
    {
        var resolver = new Resolver(bpf, kernel, new WorkBudget(MaxSteps, TestContext.Current.CancellationToken));
        for (var i = 0; i < bpf.Specs.Length; i++)
            Assert.DoesNotContain("too much work", resolver.Resolve(i).Error.Message ?? "", StringComparison.Ordinal);
    }
}
