using Npgsql;
using Relo.Archive.Faults;
using Relo.Archive.Index;
using Relo.Archive.Index.Postgres;
using Relo.Archive.Tests.Fixtures;

namespace Relo.Archive.Tests.Index.Postgres;

/// <summary>Nodes start together on one database, or report why they cannot.</summary>
public sealed class PostgresStartTests
{
    private static CancellationToken Patience => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Nodes_that_start_at_once_on_an_empty_database_migrate_it_once()
    {
        TestDatabase.SkipUnlessPostgres();
        await using var one = TestArchive.Prepare();
        var nodes = Enumerable.Range(0, 4).Select(_ => TestArchive.Prepare()).ToList();
        var database = TestDatabase.Empty(one.Root);
        await Task.WhenAll(nodes.Select(node => Task.Run(() => node.Restart(node.Root, database), Patience)));
        Assert.All(nodes, node => Assert.True(node.Index.IsLoaded));
        Assert.Equal(
            (long)AppliedMigration.Known<PostgresDb>().Count, await one.SqlAsync("SELECT count(*) FROM \"__EFMigrationsHistory\""));
        foreach (var node in nodes) await node.DisposeAsync();
    }

    [Fact]
    public async Task The_model_has_no_change_without_a_migration()
    {
        TestDatabase.SkipUnlessPostgres();
        await using var archive = await TestArchive.StartAsync();
        await using var db = archive.Get<IIndexEngine>().CreateDbContext();
        Assert.False(Microsoft.EntityFrameworkCore.RelationalDatabaseFacadeExtensions.HasPendingModelChanges(db.Database));
    }

    [Fact]
    public async Task A_server_that_is_away_is_tried_for_a_while_and_named_without_the_password()
    {
        await using var archive = TestArchive.Prepare(
            ("Archive:Database", "Host=127.0.0.1;Port=1;Database=relo;Username=relo;Password=secret"),
            ("Archive:MigrationTimeout", "00:00:01"));
        var failed = await Assert.ThrowsAsync<ArchiveStartupException>(archive.Restart);
        Assert.StartsWith("database 'relo' on PostgreSQL at 127.0.0.1:1 cannot be used: ", failed.Message, StringComparison.Ordinal);
        Assert.EndsWith("Tried for 1 s (Archive:MigrationTimeout)", failed.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("secret", failed.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_server_that_comes_up_later_is_waited_for()
    {
        TestDatabase.SkipUnlessPostgres();
        await using var archive = TestArchive.Prepare();
        var database = new NpgsqlConnectionStringBuilder(TestDatabase.Of(archive.Root));
        using var proxy = new TcpProxy(database.Host!, database.Port);
        proxy.SetAway(true);
        database.Port = proxy.Port;
        var start = archive.Restart(archive.Root, database.ConnectionString);
        await Task.Delay(TimeSpan.FromSeconds(1), Patience);
        Assert.False(start.IsCompleted);
        proxy.SetAway(false);
        await start;
        Assert.True(archive.Index.IsLoaded);
    }

    [Theory]
    [InlineData("relo", "is not a connection string of PostgreSQL")]
    [InlineData("Host=db", "must name a host and a database")]
    [InlineData("Database=relo", "must name a host and a database")]
    [InlineData("Host=db;Database=relo;Pasword=secret", "is not a connection string of PostgreSQL")]
    public async Task A_setting_that_names_no_database_is_refused(string setting, string reason)
    {
        await using var archive = TestArchive.Prepare(("Archive:Database", setting));
        var refused = await Assert.ThrowsAsync<ArchiveStartupException>(archive.Restart);
        Assert.Contains(reason, refused.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("secret", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_database_that_does_not_exist_is_named_with_what_to_do()
    {
        TestDatabase.SkipUnlessPostgres();
        await using var archive = TestArchive.Prepare();
        var missing = new NpgsqlConnectionStringBuilder(TestDatabase.Of(archive.Root)) { Database = "relo_missing" };
        var failed = await Assert.ThrowsAsync<ArchiveStartupException>(() => archive.Restart(archive.Root, missing.ConnectionString));
        Assert.Contains("database 'relo_missing' on PostgreSQL at ", failed.Message, StringComparison.Ordinal);
        Assert.Contains("Create it (createdb)", failed.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_user_who_may_not_upgrade_the_database_is_refused_and_one_who_may_only_use_it_is_not()
    {
        TestDatabase.SkipUnlessPostgres();
        await using var archive = TestArchive.Prepare();
        var role = $"relo_user_{Environment.ProcessId}";
        var database = new NpgsqlConnectionStringBuilder(TestDatabase.Empty(archive.Root)) { Username = role };
        await archive.SqlAsync($"DROP ROLE IF EXISTS {role}; CREATE ROLE {role} LOGIN");
        try
        {
            var refused = await Assert.ThrowsAsync<ArchiveStartupException>(() => archive.Restart(archive.Root, database.ConnectionString));
            Assert.Contains($"must be upgraded to Relo {AppliedMigration.Ours}, but its user is not allowed to do that", refused.Message,
                StringComparison.Ordinal);
            await archive.Restart();
            await archive.SqlAsync($"GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO {role}");
            await archive.Restart(archive.Root, database.ConnectionString);
            await archive.AddAsync(TinyBtf.Of("int"));
            Assert.Equal(1, archive.Index.Count);
        }
        finally
        {
            await archive.Reset(archive.Root);
            await archive.SqlAsync($"DROP OWNED BY {role}; DROP ROLE {role}");
        }
    }

    [Fact]
    public async Task A_database_that_cannot_hold_all_text_is_refused()
    {
        TestDatabase.SkipUnlessPostgres();
        await using var archive = TestArchive.Prepare();
        TestDatabase.Make(archive.Root, "ENCODING 'LATIN1' LOCALE 'C' TEMPLATE template0");
        Assert.Contains(
            "ENCODING 'UTF8'", (await Assert.ThrowsAsync<ArchiveStartupException>(archive.Restart)).Message, StringComparison.Ordinal);
    }
}
