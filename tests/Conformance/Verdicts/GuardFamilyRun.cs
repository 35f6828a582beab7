using System.Globalization;
using System.Text;
using Relo.Conformance.Corpus;
using Relo.Conformance.Generated;
using Relo.Conformance.Running;
using Relo.Core;
using Relo.Core.Objects;

namespace Relo.Conformance.Verdicts;

/// <summary>
/// Relocates the guard family for the running kernel, has each program verified alone and each object loaded as libbpf does by default,
/// and compares our verdicts. A build at a time; the summary is written when all that were asked for are done.
/// </summary>
public sealed class GuardFamilyRun : IDisposable
{
    /// <summary>The result of a build.</summary>
    /// <param name="Programs">Verdicts of programs.</param>
    /// <param name="Objects">Verdicts of objects, by what libbpf loads by default.</param>
    /// <param name="Misnamed">Programs of which the verifier says other than their name.</param>
    /// <param name="NotOpened">Objects that libbpf does not open, with its reason.</param>
    public sealed record Result(
        string Build, VerdictComparison Programs, VerdictComparison Objects, IReadOnlyList<string> Misnamed,
        IReadOnlyList<string> NotOpened)
    {
        /// <summary>The build's name without its options: <c>clang-16</c> of <c>clang-16-O2-v3</c>.</summary>
        public string Compiler => Build[..Build.IndexOf("-O", StringComparison.Ordinal)];
    }

    private sealed record Subject(CorpusObject Object, OurVerdict Verdict);

    private readonly SortedDictionary<string, Result> _results = new(StringComparer.Ordinal);

    /// <summary>Compares a build.</summary>
    public async Task<Result> CompareAsync(string build, CancellationToken cancellation)
    {
        using var folder = new TemporaryFolder();
        var (subjects, requests) = (new List<Subject>(), new List<LoadRequest>());
        foreach (var bpf in GuardObject.Of(build))
        {
            var opened = BpfObject.Read(bpf.Bytes);
            var relocated = Relocator.Relocate(opened, RunningKernel.Types, cancellation: cancellation) as Relocated
                ?? throw new InvalidOperationException($"{bpf.Name} cannot be relocated");
            var path = folder.Write($"{subjects.Count}.bpf.o", relocated.PatchedBytes.ToArray());
            var subject = new Subject(bpf, OurVerdict.Of(opened, relocated, cancellation));
            foreach (var configuration in GuardObject.ConfigurationsOf(bpf).Prepend(null))
            {
                requests.Add(new(path, Configuration: configuration));
                requests.Add(new(bpf.Path, Whole: true, configuration));
                subjects.AddRange(subject, subject);
            }
        }
        var loads = await KernelLoader.RunAsync(requests, hideBtf: false, cancellation);
        return _results[build] = Judge(build, loads.GroupBy(load => (subjects[load.Request], load.Program), load => load.Load));
    }

    private static Result Judge(string build, IEnumerable<IGrouping<(Subject Subject, string Program), LoadResult>> groups)
    {
        var (programs, objects) = (new VerdictComparison(), new VerdictComparison());
        var (misnamed, notOpened) = (new List<string>(), new List<string>());
        foreach (var group in groups)
        {
            var (subject, program) = group.Key;
            LoadResult[] loads = [.. group];
            var where = $"{subject.Object.Name}, {program}";
            switch (program)
            {
                case "-": notOpened.Add($"{subject.Object.Name}: {loads[0].Why}"); break;
                case "*": objects.Add(subject.Object.Name, subject.Verdict.Broken, loads); break;
                default:
                    programs.Add(where, subject.Verdict.Programs[program], loads);
                    if (IsMisnamed(program, loads)) misnamed.Add($"{where}: {loads[0].Why}");
                    break;
            }
        }
        return new(build, programs, objects, misnamed, notOpened);
    }

    private static bool IsMisnamed(string program, LoadResult[] loads) => program.EndsWith("_broken", StringComparison.Ordinal)
        ? !loads.Any(load => load.IsPoison)
        : program.EndsWith("_guarded", StringComparison.Ordinal) && !loads.All(load => load.Loads);

    public void Dispose()
    {
        if (_results.Count == 0) return;
        var (rows, programs, objects) = (new StringBuilder(), new VerdictComparison(), new VerdictComparison());
        foreach (var compiler in _results.Values.GroupBy(result => result.Compiler))
        {
            var own = new VerdictComparison();
            foreach (var result in compiler)
            {
                own.Add(result.Programs);
                objects.Add(result.Objects);
            }
            rows.Append(own.Row($"{compiler.Key}, {compiler.Count()} builds"));
            programs.Add(own);
        }
        rows.Append(programs.Row("**all programs, each alone**")).Append(objects.Row("**objects, as libbpf loads them**"));
        foreach (var reason in _results.Values.SelectMany(result => result.NotOpened)) Note("Not opened by libbpf", reason);
        foreach (var reason in programs.Unjudged) Note("Refused for another reason", reason);
        foreach (var name in _results.Values.SelectMany(result => result.Misnamed)) Note("The verifier says otherwise than its name", name);
        var title = $"### Verdicts on the guard family, against the verifier of {RunningKernel.Version}";
        Comparison.Summary.Put("7 guards", $"{title}\n\n{VerdictComparison.Header}{rows}");

        void Note(string what, string about) => rows.Append(CultureInfo.InvariantCulture, $"\n{what}: {about}\n");
    }
}
