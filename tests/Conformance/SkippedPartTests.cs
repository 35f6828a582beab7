using Relo.Conformance.Corpus;

namespace Relo.Conformance;

/// <summary>Parts that could not be built on this machine are counted and reported.</summary>
public sealed class SkippedPartTests
{
    public static TheoryData<string, string> Parts =>
        [.. SkippedPart.All().Select(part => new TheoryDataRow<string, string>(part.What, part.Why))];

    [Theory(SkipTestWithoutData = true)]
    [MemberData(nameof(Parts))]
    public void Part_of_the_corpus_that_is_missing_here(string what, string why) => Assert.Skip($"{what}: {why}");
}
