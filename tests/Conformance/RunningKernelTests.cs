using System.Globalization;
using Relo.Conformance.Comparison;
using Relo.Conformance.Needs;
using Relo.Conformance.Running;
using Relo.Conformance.Verdicts;

namespace Relo.Conformance;

/// <summary>
/// The product's claim, put to the kernel itself: what loads with kernel BTF loads without it once we have relocated it,
/// except the programs of which we say that they need kernel BTF anyway, and those do. And our verdict is the verifier's.
/// </summary>
public sealed class RunningKernelTests(RunningRun run) : IClassFixture<RunningRun>
{
    [Fact]
    public async Task Relocated_objects_load_without_kernel_btf_wherever_the_originals_load_with_it()
    {
        RunningKernel.Require();
        var cancellation = TestContext.Current.CancellationToken;
        var before = await KernelLoader.LoadAsync(run.OriginalPaths, hideBtf: false, cancellation);
        var beforeHidden = await KernelLoader.LoadAsync(run.OriginalPaths, hideBtf: true, cancellation);
        var after = await run.LoadRelocatedAsync();
        var afterHidden = await run.LoadRelocatedHiddenAsync();

        var (programs, loaded, needing, freed) = (0, 0, 0, 0);
        var wrong = new List<string>();
        var subjects = run.Subjects.ToDictionary(subject => subject.Object.Path);
        foreach (var (path, program) in before.Keys)
        {
            var subject = subjects[path];
            var where = $"{subject.Object.Name}, program {program}";
            if (program == "-")
            {
                continue; // libbpf does not open it, relocated or not
            }
            var original = before[(path, program)];
            var relocated = after[(subject.RelocatedPath, program)];
            var hidden = afterHidden[(subject.RelocatedPath, program)];
            var needs = subject.Report.Programs.Single(entry => entry.Name == program && entry.Type != "subprogram").NeedsKernelBtf;
            programs++;
            if (original.Loads) loaded++;
            if (needs) needing++;
            if (original.Loads && hidden.Loads && !beforeHidden[(path, program)].Loads) freed++;
            if (original.Loads != relocated.Loads) wrong.Add($"{where}: original {original}, relocated {relocated}, BTF in sight");
            if (original.Loads && !needs && !hidden.Loads)
                wrong.Add(
                    $"{where}: loads with BTF in sight, relocated and hidden it gives {hidden}, and we do not say that it needs kernel "
                        + "BTF");
            if (needs && hidden.Loads) wrong.Add($"{where}: loads without kernel BTF although we say that it needs it");
        }
        Summary.Put("5 running", string.Create(CultureInfo.InvariantCulture,
            $"### The running kernel ({RunningKernel.Version})\n\n{run.Subjects.Count} objects, {programs} programs; {loaded} load as "
                + $"they are, "
            + $"{needing} need kernel BTF by our word, {freed} load without kernel BTF only because they were relocated; {wrong.Count} "
            + $"mismatches\n"));
        Assert.True(wrong.Count == 0, $"{wrong.Count} differences:\n{string.Join('\n', wrong.Take(30))}");
        Assert.True(freed > 0, "no program was freed from kernel BTF: hiding it does not work here");
    }

    [Fact]
    public async Task A_program_is_broken_exactly_where_the_verifier_comes_to_a_poisoned_instruction()
    {
        RunningKernel.Require();
        var (programs, objects) = (new VerdictComparison(), new VerdictComparison());
        var subjects = run.Subjects.ToDictionary(subject => subject.RelocatedPath);
        foreach (var ((path, program), load) in await run.LoadRelocatedAsync())
            if (program != "-")
                programs.Add($"{subjects[path].Object.Name}, {program}", subjects[path].Verdict.Programs[program], load);

        // As libbpf loads an object by default: without its optional programs.
        var requests = run.Subjects.Select(subject => new LoadRequest(subject.Object.Path, Whole: true)).ToArray();
        foreach (var (request, program, load) in await KernelLoader.RunAsync(
            requests, hideBtf: false, TestContext.Current.CancellationToken))
            if (program != "-")
                objects.Add($"{run.Subjects[request].Object.Name}, as libbpf loads it", run.Subjects[request].Verdict.Broken, load);

        Summary.Put(
            "6 verdicts", $"### Verdicts on the corpus, against the verifier of {RunningKernel.Version}\n\n{VerdictComparison.Header}"
            + programs.Row("programs, each alone") + objects.Row("objects, as libbpf loads them")
            + string.Concat(programs.Unjudged.Concat(objects.Unjudged).Select(reason => $"\nRefused for another reason: {reason}\n")));
        string[] wrong = [.. programs.Differences, .. objects.Differences];
        Assert.True(wrong.Length == 0, $"{wrong.Length} differences:\n{string.Join('\n', wrong)}");
    }

    [Fact]
    public async Task What_a_program_needs_is_absent_exactly_where_the_kernel_refuses_it_for_that()
    {
        RunningKernel.Require();
        var comparison = new NeedsComparison();
        var subjects = run.Subjects.ToDictionary(subject => subject.RelocatedPath);
        foreach (var ((path, program), load) in await run.LoadRelocatedAsync())
        {
            if (program == "-") continue;
            var subject = subjects[path];
            var type = subject.Report.Programs.Single(entry => entry.Name == program && entry.Type != "subprogram").Type;
            comparison.Add($"{subject.Object.Name}, {program}", program, type, subject.Checks, load);
        }

        Summary.Put("7 needs", $"### Needs of programs, against {RunningKernel.Version}\n\n{comparison}");
        Assert.True(comparison.Differences.Count == 0,
            $"{comparison.Differences.Count} differences:\n{string.Join('\n', comparison.Differences.Take(60))}");
        Assert.True(comparison.Found > 0, "nothing was refused for something missing: the comparison cannot fail");
    }

    [Fact]
    public async Task Programs_load_by_cilium_ebpf_without_kernel_btf_wherever_they_load_by_libbpf()
    {
        RunningKernel.Require();
        Assert.SkipUnless(File.Exists(CiliumLoader.Path), "golang-go or golang-github-cilium-ebpf-dev is not installed");
        var cancellation = TestContext.Current.CancellationToken;
        var byLibbpf = await run.LoadRelocatedHiddenAsync();
        var originals = await CiliumLoader.LoadHiddenAsync(run.OriginalPaths, cancellation);
        var relocated = await CiliumLoader.LoadHiddenAsync(run.RelocatedPaths, cancellation);
        var tally = new CiliumTally();
        foreach (var subject in run.Subjects)
            foreach (var program in subject.Report.Programs.Where(program => program.Type != "subprogram"))
                tally.Add(subject, program, byLibbpf, originals, relocated);
        Summary.Put("8 cilium", tally.ToString());
        Assert.True(tally.Wrong.Count == 0, $"{tally.Wrong.Count} differences:\n{string.Join('\n', tally.Wrong.Take(60))}");
        Assert.True(tally.Freed > 0, "no program was freed from kernel BTF");
    }
}
