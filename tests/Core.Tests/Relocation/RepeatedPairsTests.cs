using Relo.Core.Btf;
using Relo.Core.Relocation;
using Relo.Core.Tests.Building;

namespace Relo.Core.Tests.Relocation;

/// <summary>
/// Pairs of types that are met again are not compared again. The result is that of libbpf, which compares them each time, on both sides
/// of its limits: 32 levels of types, 64 steps of an access.
/// </summary>
public sealed class RepeatedPairsTests
{
    private const int Rounds = 400, EInval = -22, E2Big = -7;

    [Fact]
    public void Structs_within_structs_match_as_without_a_memo() =>
        Compare((types, to, random) => types.Structs(to, random), layers: 27, (plain, l, t) => plain.Matches(l, t),
            (matcher, l, t) => matcher.Match(l, t), [1, 0, EInval]);

    [Fact]
    public void Functions_of_functions_match_as_without_a_memo() =>
        Compare((types, to, random) => types.Functions(to, random), layers: 27, (plain, l, t) => plain.Matches(l, t),
            (matcher, l, t) => matcher.Match(l, t), [1, 0, EInval]);

    [Fact]
    public void Functions_of_functions_are_compatible_as_without_a_memo() =>
        Compare((types, to, random) => types.Functions(to, random), layers: 28, (plain, l, t) => plain.AreCompatible(l, t), null,
            [1, 0, EInval]);

    [Fact]
    public void Members_within_unnamed_members_are_found_as_without_a_memo()
    {
        var results = new Dictionary<int, int>();
        for (var seed = 0; seed < Rounds; seed++)
        {
            var random = new Random(seed);
            var layers = new LayeredTypes(random, random.Next(56, 66));
            var ask = new Ask(local => local.Struct("root", 4, new BtfWriter.Member("x", local.Int("int", 4), 0)),
                to => layers.Unnamed(to, random)).Load("0:0", 0);
            var (bpf, kernel) = ask.Open();
            var root = Root(kernel);
            var matcher = new SpecMatcher(Unlimited);
            // The pointer is the first step.
            var expected = new PlainMatch(bpf.Types, kernel).Member("x", root, steps: 1);
            var found = matcher.Match(bpf.Specs[0].Spec!, kernel, root);
            Assert.Equal(expected, (found, found > 0 ? matcher.Target.BitOffset : 0));
            results[found] = results.GetValueOrDefault(found) + 1;
        }
        Assert.All([1, 0, E2Big], result => Assert.InRange(results.GetValueOrDefault(result), Rounds / 40, Rounds));
    }

    private static void Compare(
        Action<LayeredTypes, BtfWriter, Random> write, int layers, Func<PlainMatch, uint, uint, int> plain,
        Func<TypeMatcher, uint, uint, int>? match, int[] expected)
    {
        var results = new Dictionary<int, int>();
        for (var seed = 0; seed < Rounds; seed++)
        {
            var random = new Random(seed);
            var types = new LayeredTypes(random, random.Next(layers, layers + 10));
            var (local, target) = (new BtfWriter(), new BtfWriter());
            var same = random.Next();
            write(types, local, new Random(same));
            write(types, target, new Random(random.Next(2) == 0 ? same : random.Next()));
            var (l, t) = (BtfReader.Read(local.ToBytes()), BtfReader.Read(target.ToBytes()));
            var result = plain(new PlainMatch(l, t), Root(l), Root(t));
            Assert.Equal(result, match is null
                ? new TypeCompat(l, t, Unlimited).Are(Root(l), Root(t))
                : match(new TypeMatcher(l, t, Unlimited), Root(l), Root(t)));
            results[result] = results.GetValueOrDefault(result) + 1;
        }
        Assert.All(expected, result => Assert.InRange(results.GetValueOrDefault(result), Rounds / 40, Rounds));
    }

    private static WorkBudget Unlimited => new(long.MaxValue, TestContext.Current.CancellationToken);

    private static uint Root(BtfTypes types) =>
        (uint)Enumerable.Range(1, types.Count - 1).Last(id => types.NameText(types[(uint)id].NameOffset) == "root");
}
