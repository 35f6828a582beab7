using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using Relo.Archive.Index;
using Relo.Archive.Index.Sqlite;
using Relo.Archive.Objects;
using Relo.Archive.Tests.Fixtures;
using Relo.Core.Bytes;

namespace Relo.Archive.Tests.Index;

public sealed class ArchiveReaderTests
{
    private static CancellationToken Patience => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Kernels_and_modules_are_read_as_EF_reads_them()
    {
        await using var archive = await TestArchive.StartAsync();
        await archive.AddAsync(TinyBtf.Of("int"), "6.1.0-1-amd64", distro: "debian", version: "12");
        await archive.AddAsync(TinyBtf.Of("int", "long"), "6.1.0-2-amd64");
        await archive.SqlAsync("""
            UPDATE Kernels SET FileSizeBytes = 4711, FileModifiedAt = 12 WHERE Distro = 'debian';
            INSERT INTO Modules (KernelId, Name, Btf, BtfSizeBytes, AddedAt) SELECT Id, 'dummy', Btf, 7, 8 FROM Kernels WHERE Distro = 'debian';
            INSERT INTO Modules (KernelId, Name, Btf, BtfSizeBytes, AddedAt) SELECT Id, 'xt_LOG', Btf, 9, 10 FROM Kernels WHERE Distro = 'debian'
            """);
        await using var db = await archive.Get<IDbContextFactory<ArchiveDb>>().CreateDbContextAsync(TestContext.Current.CancellationToken);
        var expected = await db.Kernels.AsNoTracking().Include(k => k.Modules).OrderBy(k => k.Id)
            .ToListAsync(TestContext.Current.CancellationToken);
        await using var reader = await ReaderAsync(archive);
        Assert.Equivalent(expected,
            (await reader.KernelsAsync(TestContext.Current.CancellationToken)).OrderBy(k => k.Id, StringComparer.Ordinal), strict: true);
        Assert.Equal(2, expected[0].Modules.Count + expected[1].Modules.Count);
    }

    [Fact]
    public async Task Objects_are_read_and_counted_at_the_start()
    {
        await using var archive = await TestArchive.StartAsync();
        byte[] bytes = [1, 2, 3];
        await archive.Objects.PutAsync(Digest.Of(bytes), bytes, TestContext.Current.CancellationToken);
        await using var reader = await ReaderAsync(archive);
        Assert.Equal([Digest.Of(bytes)], await reader.ObjectsAsync(TestContext.Current.CancellationToken));
        Assert.Equal((1, 3), await reader.ObjectTotalsAsync(TestContext.Current.CancellationToken));
        await archive.Restart();
        Assert.Equal((1, 3), (archive.Get<ObjectRemoval>().Tally.Count, archive.Get<ObjectRemoval>().Tally.Bytes));
    }

    [Fact]
    public async Task Last_use_is_of_any_object_and_the_longest_unused_one_has_no_tag()
    {
        await using var archive = await TestArchive.StartAsync();
        await using var reader = await ReaderAsync(archive);
        Assert.Equal((null, null),
            (await reader.LastUseAsync(TestContext.Current.CancellationToken),
                await reader.LongestUnusedAsync(TestContext.Current.CancellationToken)));
        foreach (var (content, tag) in new[] { (1, "kept"), (2, null), (3, null) })
        {
            byte[] bytes = [(byte)content];
            await archive.Objects.PutAsync(Digest.Of(bytes), bytes, tag, TestContext.Current.CancellationToken);
            await archive.SqlAsync($"UPDATE Objects SET LastUsedAt = {content} WHERE Digest = '{Digest.Of(bytes).Hex}'");
        }

        Assert.Equal((3, 2),
            (await reader.LastUseAsync(TestContext.Current.CancellationToken),
                await reader.LongestUnusedAsync(TestContext.Current.CancellationToken)));
    }

    [Fact]
    public async Task Only_the_kernels_that_changed_after_a_version_are_read()
    {
        await using var archive = await TestArchive.StartAsync();
        await using var reader = await ReaderAsync(archive);
        Assert.Equal(0, await reader.VersionAsync(Patience));
        await archive.AddAsync(TinyBtf.Of("int"), "6.1.0");
        await archive.AddAsync(TinyBtf.Of("long"), "6.2.0");
        Assert.Equal(2, await reader.VersionAsync(Patience));
        var changes = await reader.ChangesAsync(1, Patience);
        Assert.Equal("6.2.0", Assert.Single(changes.Kernels).Release);
        Assert.Equal((2, changes.Kernels[0].Id), (changes.Version, Assert.Single(changes.Changed)));
        await archive.Store.DeleteAsync(changes.Kernels[0].Id, Patience);
        var deleted = await reader.ChangesAsync(2, Patience);
        Assert.Equal((3, changes.Kernels[0].Id), (deleted.Version, Assert.Single(deleted.Changed)));
        Assert.Empty(deleted.Kernels);
        Assert.Empty((await reader.ChangesAsync(3, Patience)).Changed);
    }

    [Fact]
    public async Task Only_a_database_with_every_migration_is_up_to_date()
    {
        TestDatabase.SkipUnlessSqlite();
        await using var archive = await TestArchive.StartAsync();
        await using var db = await archive.Get<IDbContextFactory<ArchiveDb>>().CreateDbContextAsync(TestContext.Current.CancellationToken);
        Assert.True(await IsUpToDateAsync(archive.Database));
        foreach (var migration in db.Database.GetMigrations())
        {
            await archive.SqlAsync($"UPDATE __EFMigrationsHistory SET MigrationId = 'other' WHERE MigrationId = '{migration}'");
            Assert.False(await IsUpToDateAsync(archive.Database));
            await archive.SqlAsync($"UPDATE __EFMigrationsHistory SET MigrationId = '{migration}' WHERE MigrationId = 'other'");
        }

    }

    [Fact]
    public async Task What_is_no_database_is_not_up_to_date_and_is_not_made_one()
    {
        TestDatabase.SkipUnlessSqlite();
        await using var archive = TestArchive.Prepare();
        Assert.False(await IsUpToDateAsync(archive.Database));
        Assert.False(File.Exists(archive.Database));
        await File.WriteAllTextAsync(archive.Database, "something else, and long enough to be looked at as a header of a database would be",
            TestContext.Current.CancellationToken);
        Assert.False(await IsUpToDateAsync(archive.Database));
    }

    private static Task<ArchiveReader> ReaderAsync(TestArchive archive) => ArchiveReader.OpenAsync(archive.Get<IIndexEngine>(), Patience);

    private static async Task<bool> IsUpToDateAsync(string database)
    {
        var connection = new SqliteConnectionStringBuilder { DataSource = database, Pooling = false }.ConnectionString;
        return await SqliteMigration.AppliedAsync(connection, Patience) is { } applied
            && AppliedMigration.Known<ArchiveDb>().SetEquals(applied.Select(m => m.Id));
    }
}
