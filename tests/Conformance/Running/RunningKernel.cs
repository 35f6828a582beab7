using Relo.Core.Btf;

namespace Relo.Conformance.Running;

/// <summary>The kernel this runs on.</summary>
public static class RunningKernel
{
    private const string BtfPath = "/sys/kernel/btf/vmlinux";

    private static readonly Lazy<BtfTypes> Read = new(() => BtfReader.Read(File.ReadAllBytes(BtfPath)));

    public static BtfTypes Types => Read.Value;

    /// <summary>As uname -r begins.</summary>
    public static Version Version => Environment.OSVersion.Version;

    /// <summary>Skips the test if nothing can be loaded.</summary>
    public static void Require()
    {
        Assert.SkipUnless(File.Exists(BtfPath), $"this machine has no {BtfPath}");
        Assert.SkipUnless(Environment.IsPrivilegedProcess, "loading BPF programs and hiding BTF need root");
    }
}
