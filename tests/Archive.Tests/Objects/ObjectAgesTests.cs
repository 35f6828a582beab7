using Relo.Archive.Objects;
using Relo.Archive.Tests.Fixtures;
using static Relo.Archive.Tests.Objects.ObjectTagsTests;

namespace Relo.Archive.Tests.Objects;

/// <summary>Retention ignores downtime and clock jumps: 30 days are 30 days in which the object could be used.</summary>
public sealed class ObjectAgesTests
{
    private static readonly TimeSpan Hour = TimeSpan.FromHours(1), Years = TimeSpan.FromDays(3650);

    [Fact]
    public async Task A_clock_that_is_set_forth_removes_nothing_and_the_retention_goes_on()
    {
        await using var archive = await TestArchive.StartAsync();
        Assert.Equal(0, await RemoveAsync(archive));
        var older = await PutAsync(archive, 1, null);
        archive.Clock.Advance(TimeSpan.FromDays(20));
        var newer = await PutAsync(archive, 2, null);
        Assert.Equal(0, await RemoveAsync(archive));
        archive.Clock.Set(Years);
        archive.Clock.Advance(Hour);
        Assert.Equal(0, await RemoveAsync(archive));
        Assert.Equal(0, await RemoveAsync(archive)); // that was put right once and for all
        archive.Clock.Advance(TimeSpan.FromDays(10));
        Assert.Equal(1, await RemoveAsync(archive));
        Assert.Null(await FindAsync(archive, older.Object.Digest.Hex));
        Assert.NotNull(await FindAsync(archive, newer.Object.Digest.Hex));
    }

    [Fact]
    public async Task What_is_used_while_the_clock_is_ahead_is_not_kept_for_years()
    {
        await using var archive = await TestArchive.StartAsync();
        Assert.Equal(0, await RemoveAsync(archive));
        archive.Clock.Set(Years);
        await PutAsync(archive, 1, null);
        Assert.Equal(0, await RemoveAsync(archive));
        archive.Clock.Set(-Years);
        archive.Clock.Advance(Hour);
        Assert.Equal(0, await RemoveAsync(archive));
        archive.Clock.Advance(TimeSpan.FromDays(31));
        Assert.Equal(1, await RemoveAsync(archive));
    }

    [Fact]
    public async Task What_is_in_use_when_the_clock_goes_back_stays_in_use()
    {
        await using var archive = await TestArchive.StartAsync();
        archive.Clock.Set(Years);
        var used = (await PutAsync(archive, 1, null)).Object.Digest.Hex;
        Assert.NotNull(await FindAsync(archive, used)); // notes its use in a time to come
        archive.Clock.Set(-Years);
        for (var day = 0; day < 40; day++)
        {
            archive.Clock.Advance(TimeSpan.FromDays(1));
            Assert.Equal(0, await RemoveAsync(archive));
            Assert.Equal(archive.Clock.GetUtcNow(), (await FindAsync(archive, used))!.LastUsedAt);
        }
    }

    [Fact]
    public async Task A_service_that_was_off_for_longer_than_the_retention_removes_nothing_when_it_is_back()
    {
        await using var archive = await TestArchive.StartAsync();
        await PutAsync(archive, 1, null);
        archive.Clock.Advance(TimeSpan.FromDays(5));
        await PutAsync(archive, 2, null);
        archive.Clock.Set(TimeSpan.FromDays(100));
        await archive.Restart();
        Assert.Equal(0, await RemoveAsync(archive));
        archive.Clock.Advance(TimeSpan.FromDays(26));
        Assert.Equal(1, await RemoveAsync(archive)); // the one that was older by 5 days still is
        archive.Clock.Advance(TimeSpan.FromDays(5));
        Assert.Equal(1, await RemoveAsync(archive));
    }

    [Fact]
    public async Task Use_of_one_object_right_after_the_start_does_not_make_the_others_too_old()
    {
        await using var archive = await TestArchive.StartAsync();
        await PutAsync(archive, 1, null);
        var used = (await PutAsync(archive, 2, null)).Object.Digest.Hex;
        archive.Clock.Set(TimeSpan.FromDays(100));
        await archive.Restart();
        Assert.NotNull(await FindAsync(archive, used));
        Assert.Equal(0, await RemoveAsync(archive));
    }

    [Fact]
    public async Task A_service_that_is_started_every_day_removes_what_nobody_uses()
    {
        await using var archive = await TestArchive.StartAsync();
        var unused = (await PutAsync(archive, 1, null)).Object.Digest.Hex;
        var used = (await PutAsync(archive, 2, null)).Object.Digest.Hex;
        for (var day = 0; day < 30; day++)
        {
            archive.Clock.Advance(TimeSpan.FromDays(1));
            await archive.Restart();
            Assert.NotNull(await FindAsync(archive, used));
            await RemoveAsync(archive);
        }

        Assert.Null(await FindAsync(archive, unused));
        Assert.NotNull(await FindAsync(archive, used));
    }

    private static Task<int> RemoveAsync(TestArchive archive) =>
        archive.Get<ObjectRemoval>().RemoveUnusedAsync(TestContext.Current.CancellationToken);
}
