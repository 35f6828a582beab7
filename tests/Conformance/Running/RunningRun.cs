using Relo.Conformance.Corpus;
using Relo.Conformance.Generated;
using Relo.Conformance.Verdicts;
using Relo.Core;
using Relo.Core.Checks;
using Relo.Core.Objects;
using Relo.Core.Report;

namespace Relo.Conformance.Running;

/// <summary>The corpus relocated for the running kernel, and the kernel's responses: computed once for all tests.</summary>
public sealed class RunningRun : IDisposable
{
    /// <summary>An object of the corpus that could be relocated.</summary>
    public sealed record Subject(
        CorpusObject Object, string RelocatedPath, ObjectReport Report, OurVerdict Verdict, IReadOnlyList<Check> Checks);

    private readonly TemporaryFolder _folder = new();
    private readonly Lazy<IReadOnlyList<Subject>> _subjects;
    private readonly Lazy<Task<IReadOnlyDictionary<(string Path, string Program), LoadResult>>> _relocated;
    private readonly Lazy<Task<IReadOnlyDictionary<(string Path, string Program), LoadResult>>> _relocatedHidden;

    public RunningRun()
    {
        _subjects = new(Relocate);
        _relocated = new(() => KernelLoader.LoadAsync(RelocatedPaths, hideBtf: false, CancellationToken.None));
        _relocatedHidden = new(() => KernelLoader.LoadAsync(RelocatedPaths, hideBtf: true, CancellationToken.None));
    }

    public IReadOnlyList<Subject> Subjects => _subjects.Value;

    public IReadOnlyList<string> OriginalPaths => [.. Subjects.Select(subject => subject.Object.Path)];

    public IReadOnlyList<string> RelocatedPaths => [.. Subjects.Select(subject => subject.RelocatedPath)];

    /// <summary>Each program of the relocated objects alone, kernel BTF in sight.</summary>
    public Task<IReadOnlyDictionary<(string Path, string Program), LoadResult>> LoadRelocatedAsync() => _relocated.Value;

    /// <summary>The same with kernel BTF hidden.</summary>
    public Task<IReadOnlyDictionary<(string Path, string Program), LoadResult>> LoadRelocatedHiddenAsync() => _relocatedHidden.Value;

    private List<Subject> Relocate()
    {
        RunningKernel.Require();
        var subjects = new List<Subject>();
        foreach (var bpf in CorpusObject.All.Where(bpf => !bpf.IsBigEndian))
        {
            var opened = BpfObject.Read(bpf.Bytes);
            // What libbpf would refuse as a whole is refused by the comparison with it already.
            if (Relocator.Relocate(opened, RunningKernel.Types) is not Relocated relocated) continue;
            var path = _folder.Write($"{subjects.Count}.bpf.o", relocated.PatchedBytes.ToArray());
            subjects.Add(new(bpf, path, ReportBuilder.Describe(opened), OurVerdict.Of(opened, relocated, CancellationToken.None),
                OurVerdict.ChecksOf(opened, relocated)));
        }
        Assert.SkipWhen(subjects.Count == 0, "there are no objects here");
        return subjects;
    }

    public void Dispose() => _folder.Dispose();
}
