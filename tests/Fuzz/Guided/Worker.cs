using System.Diagnostics;
using Relo.Fuzz.Harnesses;

namespace Relo.Fuzz.Guided;

/// <summary>
/// The guided run of one harness: an input that goes where none has been is kept and becomes the parent of others. It begins with the seeds and with
/// what earlier runs kept.
/// </summary>
internal sealed class Worker : IDisposable
{
    public const string Verb = "worker";

    // A hang is a finding too: the process ends and its last input is kept.
    private static readonly TimeSpan Hang = 4 * Oracle.Patience;

    private readonly Harness _harness;
    private readonly List<byte[]> _kept = [];
    private readonly HashSet<string> _places = [];
    private readonly LastInput _last;
    private long _executions, _since;

    private Worker(Harness harness)
    {
        _harness = harness;
        _last = new(FindingFiles.LastOf(harness), 16 << 20);
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
        while (clock.Elapsed < time)
        {
            // The newest half as often as all others: what was just found leads on.
            var parent = _kept[random.Next(2) == 0 ? random.Next(_kept.Count) : _kept.Count - 1 - random.Next((_kept.Count + 1) / 2)];
            var child = mutator.Mutate(parent, _kept[random.Next(_kept.Count)]);
            if (Try(child)) File.WriteAllBytes(Path.Combine(corpus, FindingFiles.Name(child) + ".bin"), child);
        }
        Console.WriteLine($"{_harness.Name,-14}{_executions,11:n0}{_executions / clock.Elapsed.TotalSeconds,8:n0}{_kept.Count,14:n0}{Coverage.Count,17:n0}{_places.Count,11:n0}");
    }

    /// <returns>Whether it is kept.</returns>
    private bool Try(byte[] input, bool always = false)
    {
        _last.Write(input);
        Interlocked.Exchange(ref _since, Stopwatch.GetTimestamp());
        Coverage.Reset();
        var verdict = Oracle.Judge(_harness, input);
        Interlocked.Exchange(ref _since, 0);
        _executions++;
        if (verdict.Fault is { } fault && _places.Add(verdict.Place!)) Console.WriteLine($"{_harness.Name}: {FindingFiles.Keep(_harness, input, fault)}\n  {fault}");
        if (!Coverage.IsNew() && !always) return false;
        _kept.Add(input);
        return true;
    }

    private void Watch() => new Thread(() =>
    {
        while (true)
        {
            Thread.Sleep(1000);
            if (Interlocked.Read(ref _since) is var since and not 0 && Stopwatch.GetElapsedTime(since) > Hang) Environment.FailFast($"an input of {_harness.Name} takes longer than {Hang}");
        }
    })
    { IsBackground = true }.Start();
}
