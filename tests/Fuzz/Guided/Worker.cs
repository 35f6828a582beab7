using System.Diagnostics;
using Relo.Fuzz.Harnesses;

namespace Relo.Fuzz.Guided;

/// <summary>
/// The guided run of one harness: an input that reaches new code is kept and becomes the parent of others. It begins with the seeds
/// and with what earlier runs kept.
/// </summary>
internal sealed class Worker : IDisposable
{
    public const string Verb = "worker";

    // Inputs between two looks at the clock.
    private const int Batch = 256;

    private static readonly TimeSpan Hang = 4 * Oracle.Patience;
    private static readonly TimeSpan CountEvery = TimeSpan.FromMinutes(1);

    private readonly Harness _harness;
    private readonly List<byte[]> _kept = [];
    private readonly HashSet<string> _places = [];
    private readonly LastInput _last;
    private long _executions, _added;

    private Worker(Harness harness)
    {
        _harness = harness;
        _last = new(FindingFiles.LastOf(harness, Environment.ProcessId), 16 << 20);
    }

    /// <returns>0, or 1 where anything was found.</returns>
    public static int Run(IReadOnlyList<string> args)
    {
        Coverage.Begin();
        var options = CampaignOptions.Read(args);
        using var worker = new Worker(All.Named(options.Harness));
        worker.Run(TimeSpan.FromSeconds(options.Seconds), new Random(options.Seed));
        return worker._places.Count == 0 ? 0 : 1;
    }

    public void Dispose() => _last.Dispose();

    private void Run(TimeSpan time, Random random)
    {
        var clock = Stopwatch.StartNew();
        Watch();
        foreach (var seed in _harness.Seeds()) Try(seed, always: true);
        var corpus = FindingFiles.CorpusOf(_harness);
        foreach (var file in Directory.EnumerateFiles(corpus, "*.bin").Order(StringComparer.Ordinal)) Try(File.ReadAllBytes(file));
        var mutator = new Mutator(_harness, random);
        var nextCount = CountEvery;
        while (clock.Elapsed < time)
        {
            for (var i = 0; i < Batch; i++)
            {
                // The newest half as often as all others: what was just found leads on.
                var parent = _kept[random.Next(2) == 0 ? random.Next(_kept.Count) : _kept.Count - 1 - random.Next((_kept.Count + 1) / 2)];
                var child = mutator.Mutate(parent, _kept[random.Next(_kept.Count)]);
                if (Try(child)) File.WriteAllBytes(Path.Combine(corpus, FindingFiles.Name(child) + ".bin"), child);
            }
            if (clock.Elapsed < nextCount) continue;
            AddExecutions();
            nextCount = clock.Elapsed + CountEvery;
        }
        AddExecutions();
        Console.WriteLine(
            $"{_harness.Name,-14}{_executions,13:n0}{_executions / clock.Elapsed.TotalSeconds,8:n0}{_kept.Count,14:n0}{Coverage.Count,17:n0}{_places.Count,11:n0}");
    }

    private void AddExecutions()
    {
        if (_executions > _added) Executions.Add(_harness, _executions - _added);
        _added = _executions;
    }

    /// <returns>Whether it is kept.</returns>
    private bool Try(byte[] input, bool always = false)
    {
        _last.Write(input);
        Volatile.Write(ref _executions, _executions + 1);
        var verdict = Oracle.Judge(_harness, input);
        var isNew = Coverage.TakeIsNew();
        if (verdict.Fault is { } fault && _places.Add(verdict.Place!))
            Console.WriteLine($"{_harness.Name}: {FindingFiles.Keep(_harness, input, fault)}\n  {fault}");
        if (!isNew && !always) return false;
        _kept.Add(input);
        return true;
    }

    // An input that takes longer than Hang ends the process; its last input is kept.
    private void Watch() => new Thread(() =>
    {
        var (seen, since) = (0L, Stopwatch.GetTimestamp());
        while (true)
        {
            Thread.Sleep(1000);
            var now = Volatile.Read(ref _executions);
            if (now != seen) (seen, since) = (now, Stopwatch.GetTimestamp());
            else if (Stopwatch.GetElapsedTime(since) > Hang) Environment.FailFast($"an input of {_harness.Name} takes longer than {Hang}");
        }
    })
    { IsBackground = true }.Start();
}
