using Relo.Archive.Layouts;

namespace Relo.Archive.Tests.Layouts;

public class RangesTests
{
    [Theory]
    [InlineData()]
    [InlineData(0)]
    [InlineData(0, 1, 2, 3)]
    [InlineData(5, 6, 9, 1000, 1001, 2_000_000_000)]
    public void Numbers_are_read_as_written(params int[] numbers) => Assert.Equal(numbers, Ranges.Read(Ranges.Write(numbers)));

    [Fact]
    public void Thousands_that_follow_each_other_take_three_bytes() =>
        Assert.Equal(3, Ranges.Write([.. Enumerable.Range(0, 10_000)]).Length);

    [Theory]
    [InlineData(new byte[] { 0x80 })]
    [InlineData(new byte[] { 5 })]
    [InlineData(new byte[] { 0xff, 0xff, 0xff, 0xff, 0x0f, 0 })]
    [InlineData(new byte[] { 0x80, 0x80, 0x80, 0x80, 0x80, 0, 0 })]
    public void Damaged_bytes_are_refused(byte[] bytes) => Assert.Throws<InvalidDataException>(() => Ranges.Read(bytes));

    [Fact]
    public void Difference_has_the_numbers_of_the_set()
    {
        var random = new Random(1);
        for (var round = 0; round < 200; round++)
        {
            int[] from = [.. Enumerable.Range(0, 400).Where(_ => random.Next(10) > 0)];
            int[] set = [.. from.Where(_ => random.Next(50) > 0).Concat(Enumerable.Range(400, random.Next(8)))];
            var difference = LayoutSet.Difference(set, LayoutSet.Whole(from) with { Id = 7 })!;
            Assert.Equal(7, difference.BaseId);
            Assert.Equal(set, from.Except(Ranges.Read(difference.Lacks.Span)).Concat(Ranges.Read(difference.Has.Span)).Order());
            var read = LayoutSet.Read(8, 7, difference.ToBytes());
            Assert.True(read.Has.Span.SequenceEqual(difference.Has.Span) && read.Lacks.Span.SequenceEqual(difference.Lacks.Span));
        }
    }

    [Fact]
    public void Set_that_has_little_in_common_with_another_is_not_a_difference_from_it() =>
        Assert.Null(LayoutSet.Difference([1, 2, 3], LayoutSet.Whole([4, 5, 6])));
}
