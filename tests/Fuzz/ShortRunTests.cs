using Relo.Fuzz.Harnesses;

namespace Relo.Fuzz;

/// <summary>A fixed number of mutations from a fixed beginning; the long run is a command, see <see cref="Program"/>.</summary>
public sealed class ShortRunTests
{
    public static TheoryData<string> Names() => [.. All.Harnesses.Select(h => h.Name)];

    [Theory]
    [MemberData(nameof(Names))]
    public void Seeds_are_answered(string name)
    {
        var harness = All.Named(name);
        Assert.SkipWhen(harness.Lacks is not null, harness.Lacks ?? "");
        var verdicts = harness.Seeds().Select(seed => Oracle.Judge(harness, seed)).ToArray();
        Assert.Null(Array.Find(verdicts, verdict => verdict.Fault is not null).Fault);
        if (!harness.AcceptsNone) Assert.Contains(verdicts, verdict => !verdict.Refused);
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Mutations_are_answered_or_refused(string name)
    {
        var harness = All.Named(name);
        Assert.SkipWhen(harness.Lacks is not null, harness.Lacks ?? "");
        var seeds = harness.Seeds().ToArray();
        var random = new Random(8);
        var mutator = new Mutator(harness, random);
        for (var i = 0; i < harness.Mutations; i++)
        {
            var input = mutator.Mutate(seeds[i % seeds.Length], seeds[random.Next(seeds.Length)]);
            if (Oracle.Judge(harness, input).Fault is not { } fault) continue;
            Assert.Fail($"mutation {i}, kept as {Guided.FindingFiles.Keep(harness, input, fault)}: {fault}");
        }
    }
}
