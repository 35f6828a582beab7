using Relo.Core.Btf;
using Relo.Core.Bytes;
using Relo.Core.Contents;
using Relo.Core.Objects;
using Relo.Core.Report;

namespace Relo.Core.Tests.Robustness;

/// <summary>The output for a file is proportional to its size, or the file is refused.</summary>
internal static class Proportion
{
    /// <summary>All operations on an object and a kernel: they may allocate 64 times the size of the input, plus a constant.</summary>
    /// <returns>What was refused; null where it was all answered.</returns>
    public static string? Of(byte[] objectBytes, byte[] kernelBytes) => Of(objectBytes.Length + kernelBytes.Length, () =>
    {
        var bpf = BpfObject.Read(objectBytes);
        ObjectContents.Of(bpf);
        if (Relocator.Relocate(
            bpf, BtfReader.Read(kernelBytes), cancellation: TestContext.Current.CancellationToken) is Relocated relocated)
            ReportBuilder.Build(bpf, relocated, TestContext.Current.CancellationToken);
    });

    public static string? Of(long inputBytes, Action action)
    {
        var before = GC.GetAllocatedBytesForCurrentThread();
        string? refused = null;
        try
        {
            action();
        }
        catch (MalformedObjectException fault)
        {
            refused = fault.Message;
        }
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, (64 * inputBytes) + (8 << 20));
        return refused;
    }
}
