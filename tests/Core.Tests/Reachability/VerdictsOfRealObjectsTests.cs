using Relo.Core.Btf;
using Relo.Core.Objects;
using Relo.Core.Reachability;
using Relo.Core.Report;
using Relo.Core.Tests.Building;
using Relo.Core.Tests.Fixtures;

namespace Relo.Core.Tests.Reachability;

/// <summary>Verdicts on real objects, and whether the running kernel loads what was relocated for it.</summary>
public sealed class VerdictsOfRealObjectsTests
{
    private const string HostBtf = "/sys/kernel/btf/vmlinux";
    private const string Poisoned = "invalid func unknown#195896080";

    [Fact]
    public void The_sample_is_guarded_on_both_of_its_kernels()
    {
        Assert.Equal(Verdict.Guarded, Report(Samples.Object, Samples.FlagsStatus).Verdict);
        Assert.Equal(Verdict.Guarded, Report(Samples.Object, Samples.SyscallWork).Verdict);
        Assert.Equal(Verdict.Guarded, Report(Samples.BigEndianObject, Samples.FlagsStatus).Verdict);
    }

    // task_struct.state became __state in Linux 5.14: one of the two is always missing, and always guarded.
    [Fact]
    public void Runqslower_is_guarded_on_the_running_kernel()
    {
        Assert.SkipUnless(LibbpfTools.Objects.Count > 0, "libbpf-tools is not installed");
        Assert.SkipUnless(File.Exists(HostBtf), $"the running kernel has no {HostBtf}");
        var report = Report(LibbpfTools.Objects.First(o => o.Name == "runqslower").Bytes, File.ReadAllBytes(HostBtf));
        Assert.Equal(Verdict.Guarded, report.Verdict);
        Assert.All(report.Relocations, r => Assert.Equal(r.Outcome == RelocationEffect.Poisoned ? false : null, r.Reachable));
        Assert.True(report.Summary is { Poisoned: > 0, PoisonedReachable: 0 });
    }

    [Fact]
    public void What_is_ok_or_guarded_loads_without_kernel_btf_where_the_original_loads_with_it()
    {
        Assert.SkipUnless(Loader.Unavailable is null, Loader.Unavailable ?? "");
        Assert.SkipUnless(LibbpfTools.Objects.Count > 0, "libbpf-tools is not installed");
        var kernel = File.ReadAllBytes(HostBtf);
        var (guarded, loaded) = (0, 0);
        foreach (var (name, bytes) in LibbpfTools.Objects.Append(("sample", Samples.Object)))
        {
            var (report, patched) = Relocate(bytes, kernel);
            if (report.Verdict == Verdict.Broken || report.Warnings.Any(w => w.Code is "needs-kernel-btf-ksym" or "kfunc" or "struct-ops"))
                continue;
            var original = Loader.Load(bytes, hideKernelBtf: false);
            var relocated = Loader.Load(patched, hideKernelBtf: true);
            Assert.False(relocated.Log.Contains(Poisoned, StringComparison.Ordinal), $"{name}: {relocated.Log}");
            Assert.True(original.Error == relocated.Error,
                $"{name}: the original gives {original.Error}, the relocated {relocated.Error}: {relocated.Log}");
            if (relocated.Error != 0 || relocated.Programs == 0) continue;
            loaded++;
            guarded += report.Verdict == Verdict.Guarded ? 1 : 0;
            if (report.Summary.Relocations > 0) Assert.NotEqual(0, Loader.Load(bytes, hideKernelBtf: true).Error);
        }
        TestContext.Current.TestOutputHelper?.WriteLine($"{loaded} objects loaded, {guarded} of them with guarded poison");
        Assert.True(guarded >= 5, $"only {guarded} guarded objects were loaded: the test tells nothing");
    }

    [Fact]
    public void What_is_broken_is_refused_for_its_poison()
    {
        Assert.SkipUnless(Loader.Unavailable is null, Loader.Unavailable ?? "");
        var kernel = File.ReadAllBytes(HostBtf);
        var broken = LibbpfTools.Objects.Select(o => Relocate(o.Bytes, kernel))
            .Where(r => r.Report.Relocations.Any(e => e.Reachable == true && Loader.NeedsNoKernelBtf(e.Section))).Select(r => r.Patched);
        foreach (var patched in broken.Append(HandMade(kernel)))
        {
            var (error, _, log) = Loader.Load(patched, hideKernelBtf: true);
            Assert.NotEqual(0, error);
            Assert.Contains(Poisoned, log, StringComparison.Ordinal);
        }
    }

    /// <summary>A read of a field that no kernel has, without asking first.</summary>
    private static byte[] HandMade(byte[] kernel)
    {
        var writer = new ObjectWriter();
        var task = writer.Btf.Struct("task_struct", 8, new BtfWriter.Member("no_such_field", writer.Btf.Int("long", 8, 1), 0));
        var section = writer.Section("raw_tp/sched_switch");
        section.Add(Asm.Mov(1, 0), Asm.Mov(0, 0), Asm.Exit);
        writer.Relo(section, 0, task, "0:0", Core.BtfExt.CoreReloKind.FieldByteOffset);
        var (report, patched) = Relocate(writer.ToBytes(), kernel);
        Assert.Equal(Verdict.Broken, report.Verdict);
        return patched;
    }

    private static RelocationReport Report(byte[] bytes, byte[] kernel) => Relocate(bytes, kernel).Report;

    private static (RelocationReport Report, byte[] Patched) Relocate(byte[] bytes, byte[] kernel)
    {
        var bpf = BpfObject.Read(bytes);
        var relocated =
            Assert.IsType<Relocated>(Relocator.Relocate(bpf, BtfReader.Read(kernel), cancellation: TestContext.Current.CancellationToken));
        return (ReportBuilder.Build(bpf, relocated, TestContext.Current.CancellationToken), relocated.PatchedBytes.ToArray());
    }
}
