using System.Collections.Concurrent;
using System.Globalization;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using Npgsql;
using Relo.Archive.Index;
using Relo.Archive.Index.Postgres;
using Relo.Core.Bytes;

namespace Relo.Archive.Tests.Fixtures;

/// <summary>
/// The index of the archives under test: SQLite, or, if <c>RELO_TEST_DATABASE</c> is the connection string of a server, a PostgreSQL
/// database for each archive folder. tests/run runs the tests once with each.
/// </summary>
internal static class TestDatabase
{
    private static readonly string? Server = Environment.GetEnvironmentVariable("RELO_TEST_DATABASE") is { Length: > 0 } server
        ? server
        : null;
    private static readonly ConcurrentDictionary<string, Lazy<string>> Made = new(StringComparer.Ordinal);
    private static readonly Lazy<string> Template = new(MakeTemplate);

    public static bool IsPostgres => Server is not null;

    /// <summary>The setting <c>Archive:Database</c> of the archive in this folder. The same folder gets the same database.</summary>
    public static string Of(string root) => IsPostgres
        ? Made.GetOrAdd(root, _ => new(() => Create(NameOf(root), $"TEMPLATE {Template.Value} STRATEGY FILE_COPY"))).Value
        : "";

    /// <summary>Creates a database without any tables for a folder.</summary>
    public static string Empty(string root) => Make(root, "TEMPLATE template0");

    /// <summary>Creates a database with these options for a folder.</summary>
    public static string Make(string root, string options) => Made.GetOrAdd(root, _ => new(() => Create(NameOf(root), options))).Value;

    /// <summary>Copies another folder's database for a folder; closes open connections to it.</summary>
    public static void Copy(string from, string to)
    {
        if (!IsPostgres || !Made.ContainsKey(from)) return;
        Execute($"SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '{NameOf(from)}'");
        _ = Made.GetOrAdd(to, _ => new(() => Create(NameOf(to), $"TEMPLATE {NameOf(from)}"))).Value;
    }

    /// <summary>Deletes the database of this folder, if it has one.</summary>
    public static void Drop(string root)
    {
        if (!Made.TryRemove(root, out var database)) return;
        NpgsqlConnection.ClearPool(new(database.Value));
        Execute($"DROP DATABASE IF EXISTS {NameOf(root)} WITH (FORCE)");
    }

    /// <summary>Skips a test about the SQLite file.</summary>
    public static void SkipUnlessSqlite(string why = "it is about the file of SQLite") => Assert.SkipWhen(IsPostgres, why);

    /// <summary>Skips a test that needs PostgreSQL.</summary>
    public static void SkipUnlessPostgres() => Assert.SkipUnless(IsPostgres, "RELO_TEST_DATABASE names no PostgreSQL server");

    /// <summary>Runs SQL on the database of the archive in this folder.</summary>
    /// <returns>The first column of the first row, if there is one.</returns>
    public static async Task<object?> SqlAsync(string root, string sql)
    {
        await using var connection = IsPostgres
            ? (System.Data.Common.DbConnection)new NpgsqlConnection(Of(root))
            : new SqliteConnection($"Data Source={Path.Combine(root, "relo.db")}");
        await connection.OpenAsync();
        await using var command = connection.CreateCommand();
#pragma warning disable CA2100 // constants of the tests
        command.CommandText = sql;
#pragma warning restore CA2100
        return await command.ExecuteScalarAsync();
    }

    private static string NameOf(string root) => $"relo_{Digest.Of(System.Text.Encoding.UTF8.GetBytes(root)).Hex[..24]}";

    private static string Create(string name, string options)
    {
        Execute($"CREATE DATABASE {name} {options}");
        return new NpgsqlConnectionStringBuilder(Server) { Database = name }.ConnectionString;
    }

    private static string MakeTemplate()
    {
        var name = string.Create(CultureInfo.InvariantCulture, $"relo_template_{Environment.ProcessId}");
        Execute($"DROP DATABASE IF EXISTS {name}");
        var connection = new NpgsqlConnectionStringBuilder(Create(name, "TEMPLATE template0")) { Pooling = false }.ConnectionString;
        using var db = new PostgresDb(new DbContextOptionsBuilder<PostgresDb>().UseNpgsql(connection).Options);
        AppliedMigration.RecordAsync(db, db.Database.GetMigrations(), CancellationToken.None).GetAwaiter().GetResult();
        db.Database.Migrate();
        return name;
    }

    private static void Execute(string sql)
    {
        using var connection =
            new NpgsqlConnection(new NpgsqlConnectionStringBuilder(Server) { Database = "postgres", Pooling = false }.ConnectionString);
        connection.Open();
#pragma warning disable CA2100 // constants of the tests
        using var command = new NpgsqlCommand(sql, connection);
#pragma warning restore CA2100
        command.ExecuteNonQuery();
    }
}
