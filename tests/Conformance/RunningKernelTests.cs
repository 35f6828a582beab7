using System.Globalization;
using Relo.Conformance.Comparison;
using Relo.Conformance.Corpus;
using Relo.Conformance.Generated;
using Relo.Conformance.Running;
using Relo.Core;
using Relo.Core.Btf;
using Relo.Core.Report;

namespace Relo.Conformance;

/// <summary>
/// The product's claim, put to the kernel itself: what loads with kernel BTF loads without it once we have relocated it,
/// except the programs of which we say that they need kernel BTF anyway, and those do.
/// </summary>
public sealed class RunningKernelTests
{
    private const string HostBtf = "/sys/kernel/btf/vmlinux";

    private sealed record Subject(CorpusObject Object, string RelocatedPath, ObjectReport Report);

    [Fact]
    public async Task Relocated_objects_load_without_kernel_btf_wherever_the_originals_load_with_it()
    {
        Assert.SkipUnless(File.Exists(HostBtf), $"this machine has no {HostBtf}");
        Assert.SkipUnless(Environment.IsPrivilegedProcess, "loading BPF programs and hiding BTF need root");
        using var folder = new TemporaryFolder();
        var subjects = Relocate(folder);
        Assert.SkipWhen(subjects.Count == 0, "there are no objects here");
        string[] originals = [.. subjects.Select(subject => subject.Object.Path)], relocated = [.. subjects.Select(subject => subject.RelocatedPath)];
        var cancellation = TestContext.Current.CancellationToken;
        var before = await KernelLoader.LoadAsync(originals, hideBtf: false, cancellation);
        var beforeHidden = await KernelLoader.LoadAsync(originals, hideBtf: true, cancellation);
        var after = await KernelLoader.LoadAsync(relocated, hideBtf: false, cancellation);
        var afterHidden = await KernelLoader.LoadAsync(relocated, hideBtf: true, cancellation);

        var (programs, loaded, needing, freed) = (0, 0, 0, 0);
        var wrong = new List<string>();
        foreach (var (path, program) in before.Keys)
        {
            var subject = subjects.Single(subject => subject.Object.Path == path);
            var where = $"{subject.Object.Name}, program {program}";
            if (program == "-")
            {
                continue; // libbpf does not open it, relocated or not
            }
            var works = before[(path, program)].Loads;
            var worksAfter = after[(subject.RelocatedPath, program)].Error;
            var worksHidden = afterHidden[(subject.RelocatedPath, program)].Error;
            var needs = subject.Report.Programs.Single(entry => entry.Name == program && entry.Type != "subprogram").NeedsKernelBtf;
            programs++;
            if (works) loaded++;
            if (needs) needing++;
            if (works && worksHidden == 0 && !beforeHidden[(path, program)].Loads) freed++;
            if (works != (worksAfter == 0)) wrong.Add($"{where}: the original {(works ? "loads" : "does not load")} ({before[(path, program)].Error}), relocated {worksAfter}, BTF in sight");
            if (works && !needs && worksHidden != 0) wrong.Add($"{where}: loads with BTF in sight, relocated and hidden it gives {worksHidden}, and we do not say that it needs kernel BTF");
            if (needs && worksHidden == 0) wrong.Add($"{where}: loads without kernel BTF although we say that it needs it");
        }
        Summary.Put("5 running", string.Create(CultureInfo.InvariantCulture,
            $"### The running kernel ({Environment.OSVersion.Version})\n\n{subjects.Count} objects, {programs} programs; {loaded} load as they are, {needing} need kernel BTF by our word, {freed} load without kernel BTF only because they were relocated; {wrong.Count} mismatches\n"));
        Assert.True(wrong.Count == 0, $"{wrong.Count} differences:\n{string.Join('\n', wrong.Take(30))}");
        Assert.True(freed > 0, "no program was freed from kernel BTF: hiding it does not work here");
    }

    private static List<Subject> Relocate(TemporaryFolder folder)
    {
        var kernel = BtfReader.Read(File.ReadAllBytes(HostBtf));
        var subjects = new List<Subject>();
        foreach (var bpf in CorpusObject.All.Where(bpf => !bpf.IsBigEndian))
        {
            var opened = BpfObject.Read(bpf.Bytes);
            // What libbpf would refuse as a whole is refused by the comparison with it already.
            if (Relocator.Relocate(opened, kernel) is not Relocated relocated) continue;
            subjects.Add(new(bpf, folder.Write($"{subjects.Count}.bpf.o", relocated.PatchedBytes.ToArray()), ReportBuilder.Describe(opened)));
        }
        return subjects;
    }
}
