using Relo.Archive.Objects;
using Relo.Archive.Tests.Fixtures;
using Relo.Core.Bytes;

namespace Relo.Archive.Tests.Objects;

public sealed class ObjectTagsTests
{
    [Fact]
    public async Task A_tag_moves_to_the_newest_upload_that_names_it()
    {
        await using var archive = await TestArchive.StartAsync();
        var first = await PutAsync(archive, 1, "tracer");
        var second = await PutAsync(archive, 2, "tracer");
        Assert.True(first.IsNew);
        Assert.Equal(second.Object.Digest, (await FindAsync(archive, "tracer"))?.Digest);
        Assert.Empty((await FindAsync(archive, first.Object.Digest.Hex))!.Tags);
        Assert.Equal(["tracer"], second.Object.Tags);
    }

    [Fact]
    public async Task The_same_bytes_again_are_not_new_and_take_the_tag_back()
    {
        await using var archive = await TestArchive.StartAsync();
        var first = await PutAsync(archive, 1, "tracer");
        await PutAsync(archive, 2, "tracer");
        var again = await PutAsync(archive, 1, "tracer");
        Assert.False(again.IsNew);
        Assert.Equal(first.Object.UploadedAt, again.Object.UploadedAt);
        Assert.Equal(first.Object.Digest, (await FindAsync(archive, "tracer"))?.Digest);
    }

    [Fact]
    public async Task An_object_may_have_several_tags_the_newest_first()
    {
        await using var archive = await TestArchive.StartAsync();
        await PutAsync(archive, 1, "old");
        var put = await PutAsync(archive, 1, "new");
        Assert.Equal(["new", "old"], put.Object.Tags);
        await PutAsync(archive, 1, tag: null);
        Assert.Equal(["new", "old"], (await FindAsync(archive, "old"))?.Tags);
    }

    [Fact]
    public async Task Tags_outlive_the_process()
    {
        await using var archive = await TestArchive.StartAsync();
        var put = await PutAsync(archive, 1, "tracer");
        await archive.Restart();
        Assert.Equal(put.Object.Digest, (await FindAsync(archive, "tracer"))?.Digest);
    }

    [Fact]
    public async Task Deleting_by_tag_leaves_an_object_that_another_tag_is_on()
    {
        await using var archive = await TestArchive.StartAsync();
        await PutAsync(archive, 1, "one");
        await PutAsync(archive, 1, "two");
        Assert.True(await DeleteAsync(archive, "one"));
        Assert.Null(await FindAsync(archive, "one"));
        Assert.Equal(["two"], (await FindAsync(archive, "two"))?.Tags);
        Assert.True(await DeleteAsync(archive, "two"));
        Assert.Empty(archive.Stored("objects"));
        Assert.False(await DeleteAsync(archive, "two"));
        Assert.Equal(1, archive.Get<ObjectRemoval>().Tally.Deleted);
    }

    [Fact]
    public async Task Deleting_by_digest_takes_all_tags_along()
    {
        await using var archive = await TestArchive.StartAsync();
        var put = await PutAsync(archive, 1, "one");
        await PutAsync(archive, 1, "two");
        Assert.True(await DeleteAsync(archive, put.Object.Digest.Hex));
        Assert.Null(await FindAsync(archive, "two"));
        Assert.Empty(archive.Stored("objects"));
        Assert.True((await PutAsync(archive, 2, "two")).IsNew); // the tag can be given again
    }

    [Fact]
    public async Task The_list_is_newest_first_and_goes_on_where_the_page_before_ended()
    {
        await using var archive = await TestArchive.StartAsync();
        for (byte i = 1; i <= 5; i++) await PutAsync(archive, i, $"t{i}");
        var first = await archive.Objects.ListAsync(2, null, TestContext.Current.CancellationToken);
        await PutAsync(archive, 9, "newer than the page");
        var second = await archive.Objects.ListAsync(2, first.Next, TestContext.Current.CancellationToken);
        var third = await archive.Objects.ListAsync(2, second.Next, TestContext.Current.CancellationToken);
        Assert.Equal([["t5"], ["t4"], ["t3"], ["t2"], ["t1"]], first.Items.Concat(second.Items).Concat(third.Items).Select(o => o.Tags));
        Assert.Null(third.Next);
    }

    [Fact]
    public async Task Objects_of_one_moment_are_neither_repeated_nor_left_out()
    {
        await using var archive = await TestArchive.StartAsync();
        for (byte i = 1; i <= 5; i++) await PutAsync(archive, i, null, advance: false);
        var seen = new List<Digest>();
        string? next = null;
        do
        {
            var page = await archive.Objects.ListAsync(1, next, TestContext.Current.CancellationToken);
            seen.AddRange(page.Items.Select(o => o.Digest));
            next = page.Next;
        }
        while (next is not null);
        Assert.Equal(5, seen.Distinct().Count());
        Assert.Equal(5, seen.Count);
    }

    [Fact]
    public async Task An_archive_from_before_tags_is_taken_over()
    {
        TestDatabase.SkipUnlessSqlite();
        await using var archive = await TestArchive.StartAsync();
        var put = await PutAsync(archive, 1, null);
        await archive.SqlAsync("""
            DROP TABLE Tags; DROP INDEX IX_Objects_UploadedAt_Digest; ALTER TABLE Objects DROP COLUMN UploadedAt;
            DROP TABLE ObjectTotals; DROP TRIGGER ObjectAdded; DROP TRIGGER ObjectRemoved;
            DELETE FROM __EFMigrationsHistory WHERE MigrationId LIKE '%_ObjectTags' OR MigrationId LIKE '%_ObjectTotals'
            """);
        await archive.Restart();
        Assert.Equal(put.Object.LastUsedAt, (await FindAsync(archive, put.Object.Digest.Hex))?.UploadedAt);
    }

    [Theory]
    [InlineData("tracer", true)]
    [InlineData("0.9_a-B", true)]
    [InlineData("", false)]
    [InlineData(".hidden", false)]
    [InlineData("-o", false)]
    [InlineData("a/b", false)]
    [InlineData("a\n", false)]
    [InlineData("ä", false)]
    [InlineData("0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef", false)] // a digest names bytes, never a tag
    public void A_tag_is_a_plain_word(string text, bool isTag) => Assert.Equal(isTag, ObjectRef.IsTag(text));

    [Fact]
    public void A_tag_has_at_most_128_characters()
        => Assert.Equal((true, false), (ObjectRef.IsTag(new string('a', 128)), ObjectRef.IsTag(new string('a', 129))));

    [Theory]
    [InlineData("")]
    [InlineData("AAAA")]
    [InlineData("!AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA")]
    [InlineData("%20")]
    public void What_is_no_cursor_is_told_apart(string text) => Assert.False(ObjectCursor.TryParse(text, out _, out _));

    internal static async Task<PutObject> PutAsync(TestArchive archive, byte fill, string? tag, bool advance = true, int length = 100)
    {
        var bytes = Enumerable.Repeat(fill, length).ToArray();
        var put = await archive.Objects.PutAsync(Digest.Of(bytes), bytes, tag?.Replace(' ', '-'), TestContext.Current.CancellationToken);
        if (advance) archive.Clock.Advance(TimeSpan.FromMinutes(2));
        return put;
    }

    internal static Task<StoredObject?> FindAsync(TestArchive archive, string reference) =>
        archive.Objects.FindAsync(Ref(reference), TestContext.Current.CancellationToken);

    private static async Task<bool> DeleteAsync(TestArchive archive, string reference) =>
        await archive.Objects.DeleteAsync(Ref(reference), TestContext.Current.CancellationToken) is not null;

    private static ObjectRef Ref(string text) => ObjectRef.TryParse(text, out var reference)
        ? reference
        : throw new ArgumentException(text);
}
