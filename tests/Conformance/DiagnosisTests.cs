using System.Diagnostics;
using System.Globalization;
using Relo.Conformance.Comparison;
using Relo.Conformance.Corpus;
using Relo.Conformance.Diagnoses;
using Relo.Conformance.Generated;
using Relo.Conformance.Running;
using Relo.Core;
using Relo.Core.Diagnoses;
using Relo.Core.Objects;

namespace Relo.Conformance;

/// <summary>
/// Logs of every program of the corpus and of the guard family that the running kernel refuses, as the loaders print them. libbpf itself
/// says which access has no target when it loads the original; without that line, and in the log of the relocated program, we must find the
/// same.
/// </summary>
public sealed class DiagnosisTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    [Fact]
    public async Task Every_refused_program_is_mapped_to_the_record_that_libbpf_names()
    {
        RunningKernel.Require();
        var subjects = Subjects();
        var (originals, relocated) =
            (await LoadAsync(subjects.Select(s => s.Path)), await LoadAsync(subjects.Select(s => s.RelocatedPath)));
        var truths = originals.ToDictionary(log => log.Key, log => LogComparison.Truth(log.Value));
        var (before, after) = (new LogComparison(), new LogComparison());
        foreach (var ((subject, program), log) in originals)
            before.Add($"{subjects[subject].Name}, {program}", subjects[subject].On, log, truths[(subject, program)]);
        foreach (var ((subject, program), log) in relocated)
            after.Add(
                $"{subjects[subject].Name} relocated, {program}", subjects[subject].On, log, truths.GetValueOrDefault((subject, program)));
        Summary.Put("9 logs of libbpf",
            $"### Logs of refused programs, by libbpf\n\nThe original objects:\n\n{before}\nThe relocated objects:\n\n{after}");
        string[] wrong = [.. before.Differences, .. after.Differences];
        Assert.True(wrong.Length == 0, $"{wrong.Length} differences:\n{string.Join('\n', wrong.Take(60))}");
        Assert.True(
            before.Poisoned > 0 && after.InSubprograms > 0 && before.Missing > 0, "too little was refused: the comparison cannot fail");

        Assert.SkipUnless(File.Exists(CiliumLoader.Path), "golang-go or golang-github-cilium-ebpf-dev is not installed");
        var byCilium = new LogComparison();
        foreach (var ((subject, program), log) in await LoadByCiliumAsync([.. subjects.Select(s => s.RelocatedPath)]))
            if (truths.GetValueOrDefault((subject, program)) is { } truth && log.Contains("195896080", StringComparison.Ordinal))
                byCilium.Add($"{subjects[subject].Name} by cilium/ebpf, {program}", subjects[subject].On, log, truth);
        Summary.Put("9 logs of cilium", $"### Logs of refused programs, by cilium/ebpf\n\n{byCilium}");
        Assert.True(byCilium.Differences.Count == 0,
            $"{byCilium.Differences.Count} differences:\n{string.Join('\n', byCilium.Differences.Take(60))}");
        Assert.True(byCilium.InSubprograms > 0, "no program with a subprogram was refused");
    }

    private List<Subject> Subjects()
    {
        var objects = CorpusObject.All.Where(bpf => !bpf.IsBigEndian).Concat(GuardObject.Builds.SelectMany(GuardObject.Of));
        var subjects = new List<Subject>();
        foreach (var bpf in objects)
        {
            var opened = BpfObject.Read(bpf.Bytes);
            if (Relocator.Relocate(opened, RunningKernel.Types) is not Relocated relocated) continue;
            var path = _folder.Write($"{subjects.Count}.bpf.o", relocated.PatchedBytes.ToArray());
            subjects.Add(new(bpf.Name, bpf.Path, path, new(opened, RunningKernel.Types, relocated, null)));
        }
        Assert.SkipWhen(subjects.Count == 0, "there are no objects here");
        return subjects;
    }

    /// <summary>The logs of refused programs, as libbpf prints them.</summary>
    private async Task<Dictionary<(int, string), string>> LoadAsync(IEnumerable<string> paths)
    {
        var logs = Directory.CreateDirectory(Path.Combine(_folder.FullName, Path.GetRandomFileName())).FullName;
        var start = new ProcessStartInfo(Cache.RequiredTool("loader"));
        var text = await KernelLoader.RunAsync(
            start, paths.Select(path => $"l\t{path}\t{logs}"), hideBtf: false, TestContext.Current.CancellationToken);
        return text.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => line.Split('\t'))
            .ToDictionary(words => (int.Parse(words[0], CultureInfo.InvariantCulture), words[1]), words => File.ReadAllText(words[3]));
    }

    private async Task<Dictionary<(int, string), string>> LoadByCiliumAsync(IReadOnlyList<string> paths)
    {
        var logs = Directory.CreateDirectory(Path.Combine(_folder.FullName, "cilium")).FullName;
        var start = new ProcessStartInfo(CiliumLoader.Path);
        start.Environment["RELO_LOGS"] = logs;
        await KernelLoader.RunAsync(start, paths, hideBtf: false, TestContext.Current.CancellationToken);
        return Directory.EnumerateFiles(logs).ToDictionary(
            file => (int.Parse(Path.GetFileName(file).Split('.')[0], CultureInfo.InvariantCulture),
                string.Join('.', Path.GetFileName(file).Split('.')[1..^1])),
            File.ReadAllText);
    }

    public void Dispose() => _folder.Dispose();

    private sealed record Subject(string Name, string Path, string RelocatedPath, DiagnosedKernel On);
}
