using System.Collections.Concurrent;
using System.Globalization;
using System.Text;
using Relo.Conformance.Comparison;
using Relo.Conformance.Corpus;
using Relo.Conformance.Oracle;
using Relo.Core;
using Relo.Core.Btf;
using Relo.Core.Objects;

namespace Relo.Conformance;

/// <summary>
/// All objects against all kernels, a kernel per worker and a worker per core, started once; the tests wait for the kernel
/// they are named after. The oracle and we take turns in a worker, so that a core is never shared.
/// </summary>
public sealed class LibbpfRun : IAsyncDisposable
{
    /// <summary>The result on a kernel.</summary>
    public sealed record KernelResult(Kernel Kernel, Tally Tally, IReadOnlyList<string> Differences, IReadOnlyCollection<string> Unjudged);

    private sealed record Prepared(CorpusObject Object, ObjectFile File, BpfObject? Bpf, string? Refusal);

    private readonly Dictionary<string, TaskCompletionSource<KernelResult>> _results =
        Kernel.All.ToDictionary(kernel => kernel.Id, _ => new TaskCompletionSource<KernelResult>());
    private readonly Prepared[] _objects;
    private readonly Task _workers;

    public LibbpfRun()
    {
        _objects = [.. CorpusObject.All.Where(bpf => !bpf.IsBigEndian).Concat(CorpusObject.Guards).Select(Prepare)
            .Where(bpf => bpf.File.Records.Count > 0)];
        var queue = new ConcurrentQueue<Kernel>(Kernel.All);
        _workers = Task.WhenAll(Enumerable.Range(0, Environment.ProcessorCount)
            .Select(_ => Task.Factory.StartNew(
                () => Work(queue), CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default)));
    }

    /// <summary>Objects with records.</summary>
    public int Objects => _objects.Length;

    public Task<KernelResult> Of(string kernel) => _results[kernel].Task;

    private static Prepared Prepare(CorpusObject bpf)
    {
        try
        {
            return new(bpf, new ObjectFile(bpf.Bytes), BpfObject.Read(bpf.Bytes), null);
        }
        catch (Core.Bytes.MalformedObjectException refusal)
        {
            return new(bpf, new ObjectFile(bpf.Bytes), null, refusal.Message);
        }
    }

    private void Work(ConcurrentQueue<Kernel> queue)
    {
        using var oracle = new LibbpfOracle();
        while (queue.TryDequeue(out var kernel))
        {
            try
            {
                _results[kernel.Id].SetResult(Compare(kernel, oracle));
            }
            catch (Exception defect)
            {
                // To the test that waits for it: a worker that dies here would leave the others waiting.
                _results[kernel.Id].SetException(defect);
            }
        }
    }

    private KernelResult Compare(Kernel kernel, LibbpfOracle oracle)
    {
        var types = BtfReader.Read(File.ReadAllBytes(kernel.Path));
        var tally = new Tally();
        var differences = new List<string>();
        var unjudged = new HashSet<string>();
        foreach (var bpf in _objects)
        {
            var theirs = oracle.Ask(bpf.Object.Path, kernel.Path);
            var result = bpf.Bpf is null
                ? theirs.Outcome is OracleOutcome.OpenFailed
                    ? PairResult.Unjudged("both refuse to open it")
                    : PairResult.Wrong("libbpf opens it, we do not", [bpf.Refusal!])
                : PairComparison.Compare(bpf.File, bpf.Bpf, theirs, Relocator.Relocate(bpf.Bpf, types),
                    () => oracle.Ask(bpf.Object.Path, kernel.Path, verbose: true));
            tally.Add(result);
            if (!result.Judged) unjudged.Add($"{bpf.Object.Name}: {result.Reason}");
            differences.AddRange(result.Differences.Select(difference => $"{bpf.Object.Name} for {kernel.Id}: {difference}"));
        }
        return new(kernel, tally, differences, unjudged);
    }

    public async ValueTask DisposeAsync()
    {
        await _workers;
        var done = _results.Values.Where(source => source.Task.IsCompletedSuccessfully).Select(source => source.Task.Result).ToArray();
        if (done.Length == 0) return;
        var text = new StringBuilder();
        text.AppendLine(CultureInfo.InvariantCulture, $"### Against Debian's libbpf: {Objects} objects, {done.Length} kernels");
        text.AppendLine();
        text.Append(Summary.Table("architecture | kernel line | kernels", done
            .GroupBy(result => (result.Kernel.Architecture, result.Kernel.Line))
            .OrderBy(group => group.Key.Architecture, StringComparer.Ordinal).ThenBy(group => Version.Parse(group.Key.Line))
            .Select(group => ($"{group.Key.Architecture} | {group.Key.Line} | {group.Count()}", Sum(group)))));
        foreach (var reason in done.SelectMany(result => result.Unjudged).Distinct().Order(StringComparer.Ordinal))
            text.AppendLine(CultureInfo.InvariantCulture, $"\nNot judged: {reason}");
        Summary.Put("1 libbpf", text.ToString());
    }

    private static Tally Sum(IEnumerable<KernelResult> results)
    {
        var sum = new Tally();
        foreach (var result in results) sum.Add(result.Tally);
        return sum;
    }
}
