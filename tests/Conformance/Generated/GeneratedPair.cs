namespace Relo.Conformance.Generated;

/// <summary>An object and a kernel's BTF generated from a seed: the same seed gives the same bytes.</summary>
public sealed record GeneratedPair(byte[] Object, byte[] Target)
{
    public static GeneratedPair Of(int seed) => Of(seed, (types, records) => ObjectAssembler.Write(types, records));

    /// <summary>The same records in several programs, some of them optional.</summary>
    public static GeneratedPair WithOptionalPrograms(int seed) => Of(seed, (types, records) =>
    {
        string[] sections = ["?raw_tp/a", "raw_tp/b", "?raw_tp/c", "raw_tp/d"];
        var random = new Random(seed);
        return ObjectAssembler.WritePrograms(types,
            [.. records.GroupBy(_ => random.Next(sections.Length)).OrderBy(own => own.Key)
                .Select(own => new MadeProgram(sections[own.Key], [.. own]))]);
    });

    private static GeneratedPair Of(int seed, Func<BtfAssembler, IReadOnlyList<MadeRecord>, byte[]> write)
    {
        var random = new Random(seed);
        var local = LocalWorld.Make(random);
        var types = new BtfAssembler();
        foreach (var type in local.Named.OrderBy(_ => random.Next())) types.Add(type);
        var maker = new RecordMaker(random, types);
        var records = Enumerable.Range(0, random.Next(1, 13)).Select(_ => maker.Make(local)).ToList();

        var target = new BtfAssembler();
        foreach (var type in TargetWorld.Make(random, local, changes: random.Next(5) switch { 0 => 0, 1 => 1, 2 => 2, 3 => 4, _ => 8 }))
            target.Add(type);
        return new(write(types, records), target.Write(bigEndian: random.Next(6) == 0));
    }
}
