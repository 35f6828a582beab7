using System.Diagnostics;
using Microsoft.Data.Sqlite;
using Relo.Api.Tests.Fixtures;
using Relo.Archive.Faults;
using Relo.Archive.Tests.Fixtures;

namespace Relo.Archive.Tests;

public sealed class ArchiveStartupTests
{
    [Fact]
    public async Task A_new_folder_becomes_an_archive_with_a_write_ahead_log()
    {
        TestDatabase.SkipUnlessSqlite();
        await using var archive = await TestArchive.StartAsync();
        Assert.True(archive.Index.IsLoaded);
        await using var connection = new SqliteConnection($"Data Source={archive.Database}");
        await connection.OpenAsync(TestContext.Current.CancellationToken);
        await using var command = connection.CreateCommand();
        command.CommandText = "PRAGMA journal_mode";
        Assert.Equal("wal", await command.ExecuteScalarAsync(TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task A_database_without_write_ahead_log_gets_one()
    {
        TestDatabase.SkipUnlessSqlite();
        await using var archive = await TestArchive.StartAsync();
        await archive.Reset(archive.Root); // a service holds the log open
        await archive.SqlAsync("PRAGMA journal_mode = delete");
        await archive.Restart();
        Assert.True(File.Exists(archive.Database + "-wal"));
    }

    [Fact]
    public async Task A_lock_that_a_process_killed_while_migrating_left_is_cleared()
    {
        TestDatabase.SkipUnlessSqlite();
        await using var archive = TestArchive.Prepare(("Archive:MigrationTimeout", "00:00:20"));
        await archive.SqlAsync(
            "CREATE TABLE __EFMigrationsLock (Id INTEGER NOT NULL PRIMARY KEY, Timestamp TEXT NOT NULL); INSERT INTO "
                + "__EFMigrationsLock VALUES (1, '2020-01-01')");
        var watch = Stopwatch.StartNew();
        await archive.Restart();
        Assert.True(watch.Elapsed < TimeSpan.FromSeconds(15), $"took {watch.Elapsed}");
    }

    [Fact]
    public async Task A_start_that_cannot_migrate_in_time_says_the_remedy()
    {
        TestDatabase.SkipUnlessSqlite();
        await using var archive = TestArchive.Prepare(("Archive:MigrationTimeout", "00:00:00.5"));
        Directory.CreateDirectory(Path.Combine(archive.Root, "blobs"));
        using var another =
            new FileStream(Path.Combine(archive.Root, "blobs", ".migrating"), FileMode.Create, FileAccess.ReadWrite, FileShare.None);
        var failed = await Assert.ThrowsAsync<ArchiveStartupException>(archive.Restart);
        Assert.Contains("DELETE FROM __EFMigrationsLock", failed.Message);
        Assert.Contains(archive.Database, failed.Message);
    }

    [Fact]
    public async Task A_migration_lock_that_cannot_be_opened_is_not_taken_for_another_process()
    {
        TestDatabase.SkipUnlessSqlite();
        using var disk = new MountedFolder(1);
        var file = Path.Combine(disk.Path, "lock");
        File.WriteAllText(file, "");
        disk.MakeReadOnly();
        await using var archive = TestArchive.Prepare(("Archive:MigrationTimeout", "00:00:20"));
        Directory.CreateDirectory(Path.Combine(archive.Root, "blobs"));
        File.CreateSymbolicLink(Path.Combine(archive.Root, "blobs", ".migrating"), file);
        var failed = await Assert.ThrowsAsync<ArchiveStartupException>(archive.Restart);
        Assert.Contains(".migrating cannot be opened: ", failed.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_database_of_a_later_version_is_refused_with_that_version()
    {
        await using var archive = await TestArchive.StartAsync();
        await archive.SqlAsync(
            "INSERT INTO \"__EFMigrationsHistory\" VALUES ('29990101000000_Later', '99.0'); INSERT INTO MigratedBy VALUES "
                + "('29990101000000_Later', '7.8.9')");
        var failed = await Assert.ThrowsAsync<ArchiveStartupException>(archive.Restart);
        Assert.Contains("was brought up to date by Relo 7.8.9 (29990101000000_Later)", failed.Message);
        Assert.Contains("this is Relo 1.0.0", failed.Message);
    }

    [Fact]
    public async Task A_database_of_a_later_version_that_noted_none_is_refused_too()
    {
        await using var archive = await TestArchive.StartAsync();
        await archive.SqlAsync("DROP TABLE MigratedBy; INSERT INTO \"__EFMigrationsHistory\" VALUES ('29990101000000_Later', '99.0')");
        Assert.Contains(
            "another version of Relo (29990101000000_Later)", (await Assert.ThrowsAsync<ArchiveStartupException>(archive.Restart)).Message);
    }

    [Fact]
    public async Task Every_migration_is_noted_with_the_version_that_made_it()
    {
        await using var archive = await TestArchive.StartAsync();
        Assert.Equal(0L, await archive.SqlAsync("""
            SELECT count(*) FROM "__EFMigrationsHistory" WHERE "MigrationId" NOT IN (SELECT MigrationId FROM MigratedBy WHERE Version = '1.0.0')
            """));
        Assert.NotEqual(0L, await archive.SqlAsync("SELECT count(*) FROM MigratedBy"));
    }

    [Fact]
    public async Task A_file_that_is_no_database_is_named()
    {
        TestDatabase.SkipUnlessSqlite();
        await using var archive = TestArchive.Prepare();
        File.WriteAllText(archive.Database, new string('x', 5000));
        Assert.Contains(archive.Database, (await Assert.ThrowsAsync<ArchiveStartupException>(archive.Restart)).Message);
    }

    [Fact]
    public async Task A_root_that_cannot_be_a_folder_is_named()
    {
        await using var archive = TestArchive.Prepare();
        File.WriteAllText(Path.Combine(archive.Root, "blobs"), "a file");
        Assert.Contains(archive.Root, (await Assert.ThrowsAsync<ArchiveStartupException>(archive.Restart)).Message);
    }

    [Fact]
    public async Task Two_processes_may_start_on_one_new_folder_at_once()
    {
        await using var one = TestArchive.Prepare();
        await using var two = TestArchive.Prepare();
        var ct = TestContext.Current.CancellationToken; // on threads of their own: SQLite works synchronously
        await Task.WhenAll(Task.Run(one.Restart, ct), Task.Run(() => two.Restart(one.Root), ct));
        Assert.True(one.Index.IsLoaded && two.Index.IsLoaded);
    }
}
