using Relo.Core.Bytes;
using Relo.Core.StableForms;

namespace Relo.Core.Tests.StableForms;

public sealed class CandidatesTests
{
    public static TheoryData<string, uint[]> Hashes => new()
    {
        { "none", [] },
        { "one", [7] },
        { "all equal", [.. Enumerable.Repeat(9u, 100)] },
        { "in a row", [.. Enumerable.Range(2, 5_000).Select(i => (uint)i)] },
        { "with equal low bits", [.. Enumerable.Range(0, 5_000).Select(i => (uint)i << 19)] },
        { "some equal", [.. Enumerable.Range(0, 5_000).Select(i => (uint)(i % 1_999) * 0x10001)] },
        { "any", [.. Random(17, 5_000)] },
    };

    [Theory]
    [MemberData(nameof(Hashes))]
    public void Each_is_found_again_by_its_hash_and_choice(string what, uint[] hashes)
    {
        Assert.NotEmpty(what);
        var choices = new ChoiceWriter();
        var written = new Candidates();
        written.Fill([.. Random(19, 100)]); // another BTF before
        written.Fill(hashes);
        for (var number = 0; number < hashes.Length; number++) written.Write(hashes[number], number, choices);
        var read = new Candidates();
        read.Fill([.. Random(20, 10_000)]);
        read.Fill(hashes);
        var chosen = new ChoiceReader(choices.Bytes.ToArray());
        for (var number = 0; number < hashes.Length; number++) Assert.Equal(number, read.Read(hashes[number], chosen));
        Assert.Equal(0, chosen.Remaining);
        foreach (var other in Random(18, 1_000).Except(hashes))
            Assert.Throws<MalformedObjectException>(() => read.Read(other, chosen));
    }

    private static IEnumerable<uint> Random(int seed, int count)
    {
        var random = new Random(seed);
        for (var i = 0; i < count; i++) yield return (uint)random.NextInt64(1L << 32);
    }
}
