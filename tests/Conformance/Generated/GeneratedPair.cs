namespace Relo.Conformance.Generated;

/// <summary>An object and a kernel's BTF made up from a seed alone: the same seed, the same bytes.</summary>
public sealed record GeneratedPair(byte[] Object, byte[] Target)
{
    public static GeneratedPair Of(int seed)
    {
        var random = new Random(seed);
        var local = LocalWorld.Make(random);
        var types = new BtfAssembler();
        foreach (var type in local.Named.OrderBy(_ => random.Next())) types.Add(type);
        var maker = new RecordMaker(random, types);
        var records = Enumerable.Range(0, random.Next(1, 13)).Select(_ => maker.Make(local)).ToList();

        var target = new BtfAssembler();
        foreach (var type in TargetWorld.Make(random, local, changes: random.Next(5) switch { 0 => 0, 1 => 1, 2 => 2, 3 => 4, _ => 8 })) target.Add(type);
        return new(ObjectAssembler.Write(types, records), target.Write(bigEndian: random.Next(6) == 0));
    }
}
