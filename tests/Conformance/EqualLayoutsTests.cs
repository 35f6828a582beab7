using System.Globalization;
using System.Text.Json;
using System.Text.RegularExpressions;
using Relo.Conformance.Corpus;
using Relo.Conformance.Generated;
using Relo.Core;
using Relo.Core.Btf;
using Relo.Core.Compatibility;
using Relo.Core.Fingerprints;
using Relo.Core.Objects;
using Relo.Core.Report;

namespace Relo.Conformance;

/// <summary>
/// Each object is relocated on each kernel, one by one. Where the layouts say that another kernel before has the same outcome, it must be
/// the same in every bit: digest of the patched object, verdict, missing accesses, changed fields, checks, and the whole report. Of some
/// kernels, lines of made-up neighbours are among them.
/// </summary>
public sealed class EqualLayoutsTests
{
    private const int Objects = 100, Neighbours = 8, ChangesOfEach = 12;

    private sealed record Candidate(string Id, BtfTypes Types, IReadOnlyDictionary<ulong, Fingerprint> Layouts);

    [Fact]
    public async Task Kernels_with_the_same_layouts_have_the_same_outcome()
    {
        var kernels = Kernel.All.AsParallel().AsOrdered().SelectMany(Open).ToList();
        // Of each folder some: libbpf-tools, the families of all compilers, big-endian ones.
        var objects = CorpusObject.All.Where((_, place) => place % Math.Max(CorpusObject.All.Count / Objects, 1) == 0).ToList();
        Assert.SkipWhen(kernels.Count == 0 || objects.Count == 0, "there is no corpus");
        var (shared, checks, perKernel) = (0, 0, 0);
        await Parallel.ForEachAsync(objects, TestContext.Current.CancellationToken, (file, stop) =>
        {
            var (alike, all) = Compare(file, kernels, stop);
            Interlocked.Add(ref shared, alike);
            Interlocked.Add(ref checks, all);
            if (alike == 0) Interlocked.Increment(ref perKernel);
            return ValueTask.CompletedTask;
        });
        Comparison.Summary.Put("8 layouts", string.Create(CultureInfo.InvariantCulture,
            $"""
            ### Outcomes by layout

            {objects.Count} objects on {kernels.Count} kernels: {shared:N0} of {checks:N0} outcomes shared, each equal to that of the kernel
            itself; {perKernel} objects with none.

            """));
        Assert.True(shared > checks / 2, $"{shared} of {checks}");
    }

    private static IEnumerable<Candidate> Open(Kernel kernel)
    {
        var bytes = File.ReadAllBytes(kernel.Path);
        var (line, random) = (new KernelLine(bytes), new Random(1));
        var made = kernel.Id.Contains("-56-", StringComparison.Ordinal) || kernel.Id.Contains("s390x", StringComparison.Ordinal)
            || kernel.Id.Contains("kylin", StringComparison.Ordinal) ? Neighbours : 0;
        return Enumerable.Range(0, made).Select(i => ($"{kernel.Id}+{i}", Btf: line.Next(random, ChangesOfEach))).Prepend((kernel.Id, Btf: bytes))
            .Select(one => (one.Item1, Types: BtfReader.Read(one.Btf)))
            .Select(one => new Candidate(one.Item1, one.Types,
                KernelFingerprints.Of(one.Types)!.All.ToDictionary(name => name.Key, name => name.Fingerprint)))
            .ToList();
    }

    private static (int Shared, int Checks) Compare(CorpusObject file, List<Candidate> kernels, CancellationToken stop)
    {
        var bpf = BpfObject.Read(file.Bytes);
        var question = new CompatibilityCheck(bpf).Question;
        var known = new List<(Candidate Kernel, string Outcome, CheckedKernel Checked)>();
        var shared = 0;
        foreach (var kernel in kernels)
        {
            // A check of its own for each, so that nothing is shared among them.
            var made = new CompatibilityCheck(bpf).Check(kernel.Types, cancellation: stop);
            var outcome = JsonSerializer.Serialize<object>(made.Outcome is Unrelocatable failed ? failed.Failure : made.Outcome)
                + (Relocator.Relocate(bpf, kernel.Types, stop) is Relocated relocated
                    ? WithoutIds(JsonSerializer.Serialize(ReportBuilder.Build(bpf, relocated, version: null, stop))) : "");
            var same = known.Find(one => question.Obstacle is null && AreEqual(one.Kernel, kernel, question.Names)
                && one.Checked.Also is { } also && AreEqual(one.Kernel, kernel, also));
            if (same.Outcome is null) known.Add((kernel, outcome, made));
            else
            {
                shared++;
                Assert.True(same.Outcome == outcome,
                    $"{file.Name} on {kernel.Id} is not as on {same.Kernel.Id}:\n{outcome}\n{same.Outcome}");
            }
        }

        return (shared, kernels.Count);
    }

    private static bool AreEqual(Candidate one, Candidate other, IEnumerable<ulong> names) =>
        names.All(name => one.Layouts.GetValueOrDefault(name) == other.Layouts.GetValueOrDefault(name));

    // Candidates of ambiguous records are listed with their ids, which layouts leave open.
    private static string WithoutIds(string report) => Regex.Replace(report, @"\[\d+\] ", "");
}
