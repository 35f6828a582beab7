using Relo.Core.Btf;
using Relo.Core.Relocation;
using Relo.Core.Tests.Building;

namespace Relo.Core.Tests.Relocation;

/// <summary>
/// A candidate is matched as if it were the first one, whatever those before it looked like (bpf_core_match_member of libbpf knows nothing
/// of them).
/// </summary>
public sealed class MemberSearchTests
{
    private static readonly string[] Names = ["x", "y", "state", "stat", "st", "s"];

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void A_candidate_is_matched_as_if_it_were_the_first(int seed)
    {
        var random = new Random(seed);
        var results = new Dictionary<int, int>();
        for (var round = 0; round < 50; round++)
        {
            var ask = new Ask(Local, kernel => Kernel(kernel, random));
            foreach (var access in new[] { "0:0", "0:1", "0:2:0", "0:2:1" }) ask.Load(access, 0);
            var (bpf, types) = ask.Open();
            var candidates = Enumerable.Range(1, types.Count - 1).Where(id => types.NameText(types[(uint)id].NameOffset) == "s")
                .Select(id => (uint)id).ToList();
            var matcher = Matcher();
            foreach (var spec in bpf.Specs.Select(s => s.Spec!).Concat(bpf.Specs.Select(s => s.Spec!)))
            {
                foreach (var id in candidates)
                {
                    var alone = Matcher();
                    var expected = (alone.Match(spec, types, id), alone.Miss, alone.Target.BitOffset, alone.Target.ToSpec().Text);
                    Assert.Equal(
                        expected, (matcher.Match(spec, types, id), matcher.Miss, matcher.Target.BitOffset, matcher.Target.ToSpec().Text));
                    results[expected.Item1] = results.GetValueOrDefault(expected.Item1) + 1;
                }
            }
        }

        Assert.All([0, 1], result => Assert.InRange(results[result], 1000, int.MaxValue));
    }

    private static SpecMatcher Matcher() => new(new WorkBudget(long.MaxValue, TestContext.Current.CancellationToken));

    private static uint Local(BtfWriter local)
    {
        var number = local.Int("int", 4);
        var inner = local.Struct("inner", 8, new BtfWriter.Member("s", number, 0), new BtfWriter.Member("y", number, 32));
        return local.Struct("s", 16, new BtfWriter.Member("state", number, 0), new BtfWriter.Member("x", number, 32),
            new BtfWriter.Member("st", inner, 64));
    }

    // Structs of one name whose members begin alike, then differ by one that is there twice, is missing, or stands elsewhere; some within
    // unnamed ones.
    private static void Kernel(BtfWriter kernel, Random random)
    {
        var number = kernel.Int("int", 4);
        string[] members = [.. Enumerable.Range(0, 12).Select(_ => Names[random.Next(Names.Length)])];
        for (var i = 0; i < 30; i++)
        {
            if (random.Next(3) == 0) members[random.Next(members.Length)] = Names[random.Next(Names.Length)];
            var inner = kernel.Struct(random.Next(2) == 0 ? "inner" : "", 8, Members(members[random.Next(4)..], number, number));
            kernel.Struct("s", 64, Members(members[..random.Next(8, members.Length + 1)], number, inner));
        }
    }

    private static BtfWriter.Member[] Members(string[] names, uint number, uint inner) =>
        [.. names.Select((name, i) => new BtfWriter.Member(
            i % 5 == 4 && inner != number ? "" : name, name == "st" || i % 5 == 4 ? inner : number, (uint)i * 32))];
}
