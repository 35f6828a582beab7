using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore.Diagnostics;
using Microsoft.Extensions.Logging;
using Relo.Archive.Faults;
using Relo.Archive.Index;
using Relo.Archive.Objects;
using Relo.Archive.Tests.Fixtures;
using Relo.Archive.Upkeep;

namespace Relo.Archive.Tests.Objects;

/// <summary>The cost of adding an object does not depend on their number, and their number is limited.</summary>
public sealed class ObjectTotalsTests(ITestOutputHelper output)
{
    private static readonly ObjectRef Tag = new ObjectRef.ByTag("tag");

    private static CancellationToken Patience => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Totals_follow_every_way_in_which_objects_come_and_go()
    {
        await using var archive = await TestArchive.StartAsync(("Objects:Bytes", "250"));
        await ObjectTagsTests.PutAsync(archive, 1, "tag");
        await ObjectTagsTests.PutAsync(archive, 1, "other");
        await AssertTotalsAsync(archive, (1, 100, 2));
        await ObjectTagsTests.PutAsync(archive, 2, "tag"); // the tag moves
        await AssertTotalsAsync(archive, (2, 200, 2));
        await ObjectTagsTests.PutAsync(archive, 3, null); // beyond the bytes: nothing else can be removed
        await ObjectTagsTests.PutAsync(archive, 4, null);
        await AssertTotalsAsync(archive, (3, 300, 2));
        await archive.Objects.DeleteAsync(Tag, Patience);
        await AssertTotalsAsync(archive, (2, 200, 1));
        await archive.Get<ArchivePruner>().PruneAsync(new(DryRun: false, Upstream: false, Objects: true), Patience);
        await archive.Restart(); // pruning is another process's
        await AssertTotalsAsync(archive, (1, 100, 1));
    }

    [Fact]
    public async Task Beyond_the_count_the_least_recently_used_object_without_a_tag_goes()
    {
        await using var archive = await TestArchive.StartAsync(("Objects:Count", "2"));
        await ObjectTagsTests.PutAsync(archive, 1, "tag");
        await ObjectTagsTests.PutAsync(archive, 2, null);
        await ObjectTagsTests.PutAsync(archive, 3, null);
        await AssertTotalsAsync(archive, (2, 200, 1));
        Assert.NotNull(await ObjectTagsTests.FindAsync(archive, "tag"));
    }

    [Fact]
    public async Task Where_all_have_a_tag_another_one_is_refused_and_leaves_nothing()
    {
        await using var archive = await TestArchive.StartAsync(("Objects:Count", "2"));
        await ObjectTagsTests.PutAsync(archive, 1, "one");
        await ObjectTagsTests.PutAsync(archive, 2, "two");
        var files = archive.Stored("objects");
        foreach (var (fill, tag) in new[] { (3, null), (3, "three"), (1, "three") })
        {
            var full = await Assert.ThrowsAsync<ObjectsFullException>(() => ObjectTagsTests.PutAsync(archive, (byte)fill, tag));
            Assert.Contains("Objects:Count", StorageFault.Of(full)!.Reason, StringComparison.Ordinal);
        }

        await AssertTotalsAsync(archive, (2, 200, 2));
        Assert.Equal(files, archive.Stored("objects"));
        await ObjectTagsTests.PutAsync(archive, 1, "two"); // a tag may move
        await AssertTotalsAsync(archive, (2, 200, 2));
    }

    [Fact]
    public async Task Beyond_a_lowered_limit_of_tags_only_new_tags_are_refused()
    {
        await using var roomy = await TestArchive.StartAsync(("Objects:Count", "3"));
        foreach (var tag in new[] { "one", "two", "three" }) await ObjectTagsTests.PutAsync(roomy, 1, tag);
        await using var archive = TestArchive.Prepare(("Objects:Count", "2"));
        await archive.Restart(roomy.Root);
        await ObjectTagsTests.PutAsync(archive, 2, null);
        await ObjectTagsTests.PutAsync(archive, 2, "two"); // a tag may move
        await Assert.ThrowsAsync<ObjectsFullException>(() => ObjectTagsTests.PutAsync(archive, 2, "four"));
    }

    [Fact]
    public async Task Adding_to_a_million_objects_scans_no_table()
    {
        using var commands = new Commands();
        TestDatabase.SkipUnlessSqlite("it reads SQLite's query plans");
        await using var archive = TestArchive.Prepare(("Objects:Count", "2000000"), ("Objects:Bytes", "100000000000"));
        archive.Logger = commands;
        await archive.Restart();
        await archive.SqlAsync("""
            WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 1000000)
            INSERT INTO Objects (Digest, SizeBytes, UploadedAt, LastUsedAt) SELECT printf('%064x', i), 100, i, i FROM n
            """);
        await ObjectTagsTests.PutAsync(archive, 1, "first");
        commands.Texts.Clear();
        var watch = Stopwatch.StartNew();
        for (byte i = 2; i < 12; i++) await ObjectTagsTests.PutAsync(archive, i, string.Create(CultureInfo.InvariantCulture, $"tag{i}"));
        output.WriteLine($"{watch.Elapsed.TotalMilliseconds / 10:0.00} ms an object beside a million");
        Assert.NotEmpty(commands.Texts);
        foreach (var text in commands.Texts.Distinct())
        {
            var plan = await PlanAsync(archive, text);
            // A subquery of one row is scanned too.
            var rows = plan.Where(step => step.StartsWith("CO-ROUTINE ", StringComparison.Ordinal))
                .Select(step => step.Replace("CO-ROUTINE", "SCAN", StringComparison.Ordinal));
            Assert.DoesNotContain(plan.Except(rows), step => step.StartsWith("SCAN", StringComparison.Ordinal));
        }

        await AssertTotalsAsync(archive, (1_000_011, 100 * 1_000_011L, 11));
    }

    private static async Task AssertTotalsAsync(TestArchive archive, (long Count, long Bytes, long Tags) expected)
    {
        foreach (var sql in new[]
        {
            "SELECT Count, Bytes, Tags FROM ObjectTotals", "SELECT count(*), sum(SizeBytes), (SELECT count(*) FROM Tags) FROM Objects",
        })
        {
            await using var connection = await archive.Get<IIndexEngine>().OpenAsync(isNew: false, Patience);
            await using var command = connection.CreateCommand();
#pragma warning disable CA2100 // constants of this test
            command.CommandText = sql;
#pragma warning restore CA2100
            await using var row = await command.ExecuteReaderAsync(Patience);
            Assert.True(await row.ReadAsync(Patience));
            Assert.Equal(
                expected,
                (row.GetInt64(0), Convert.ToInt64(row.GetValue(1), CultureInfo.InvariantCulture), row.GetInt64(2)));
        }

        Assert.Equal(
            (expected.Count, expected.Bytes), (archive.Get<ObjectRemoval>().Tally.Count, archive.Get<ObjectRemoval>().Tally.Bytes));
    }

    private static async Task<List<string>> PlanAsync(TestArchive archive, string sql)
    {
        await using var connection = new SqliteConnection($"Data Source={archive.Database}");
        await connection.OpenAsync(Patience);
        await using var command = connection.CreateCommand();
#pragma warning disable CA2100 // what EF made
        command.CommandText = "EXPLAIN QUERY PLAN " + sql;
#pragma warning restore CA2100
        foreach (var name in System.Text.RegularExpressions.Regex.Matches(sql, @"@\w+").Select(m => m.Value).Distinct())
            command.Parameters.AddWithValue(name, "");
        var steps = new List<string>();
        await using var rows = await command.ExecuteReaderAsync(Patience);
        while (await rows.ReadAsync(Patience)) steps.Add(rows.GetString(3));
        return steps;
    }

    /// <summary>The commands that EF sends, as it logs them.</summary>
    private sealed class Commands : ILoggerProvider, ILogger
    {
        public ConcurrentQueue<string> Texts { get; } = new();

        public ILogger CreateLogger(string categoryName) => this;

        public bool IsEnabled(LogLevel logLevel) => true;

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public void Log<TState>(
            LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            if (eventId.Id != RelationalEventId.CommandExecuted.Id || state is not IEnumerable<KeyValuePair<string, object?>> values)
                return;
            if (values.FirstOrDefault(value => value.Key == "commandText").Value is string text) Texts.Enqueue(text);
        }

        public void Dispose() { }
    }
}
