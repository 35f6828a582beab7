using System.Data.Common;
using System.Reflection;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;
using Relo.Archive.Faults;

namespace Relo.Archive.Index;

/// <summary>A migration that was applied to the database. EF records its own version; our table records the product's version.</summary>
/// <param name="Id">The id in <c>__EFMigrationsHistory</c>.</param>
/// <param name="Version">Product version that applied it; null if that version did not record it yet.</param>
internal sealed record AppliedMigration(string Id, string? Version)
{
    /// <summary>Table that records the product version of each migration.</summary>
    public const string Versions = "MigratedBy";

    /// <summary>This version of the product.</summary>
    public static string Ours { get; } = typeof(AppliedMigration).Assembly.GetName().Version!.ToString(3);

    /// <summary>The product version that applied it, for messages.</summary>
    public string By => Version is null ? "another version of Relo" : $"Relo {Version}";

    /// <summary>
    /// The migrations that this version has for this kind of context; <c>__EFMigrationsHistory</c> has exactly these when the database is
    /// up to date.
    /// </summary>
    public static IReadOnlySet<string> Known<T>()
        where T : ArchiveDb => Ids<T>.All;

    /// <summary>Whether these are all migrations of this version.</summary>
    /// <exception cref="ArchiveStartupException">One of them is unknown to this version.</exception>
    public static bool IsComplete<T>(List<AppliedMigration> applied, string database)
        where T : ArchiveDb
    {
        if (applied.Find(m => !Known<T>().Contains(m.Id)) is { } unknown)
            throw new ArchiveStartupException(
                $"{database} was brought up to date by {unknown.By} ({unknown.Id}), "
                + $"and this is Relo {Ours}, which does not know its tables. "
                + "Start that version or a later one, or restore a backup from before the update");
        return Known<T>().All(id => applied.Exists(m => m.Id == id));
    }

    /// <summary>Reads the applied migrations.</summary>
    /// <param name="connection">An open connection.</param>
    /// <param name="hasVersions">Whether the table <see cref="Versions"/> exists.</param>
    /// <param name="ct">Cancels.</param>
    public static async Task<List<AppliedMigration>> ReadAsync(DbConnection connection, bool hasVersions, CancellationToken ct)
    {
        await using var command = connection.CreateCommand();
        // EF quotes these names; ours are unquoted, so PostgreSQL folds them to lower case.
        command.CommandText = hasVersions
            ? "SELECT \"MigrationId\", (SELECT Version FROM MigratedBy v WHERE v.MigrationId = h.\"MigrationId\") FROM "
                + "\"__EFMigrationsHistory\" h"
            : "SELECT \"MigrationId\", NULL FROM \"__EFMigrationsHistory\"";
        var applied = new List<AppliedMigration>();
        await using var rows = await command.ExecuteReaderAsync(ct);
        while (await rows.ReadAsync(ct)) applied.Add(new(rows.GetString(0), rows.IsDBNull(1) ? null : rows.GetString(1)));
        return applied;
    }

    /// <summary>Records that this version applies these migrations.</summary>
    public static async Task RecordAsync(ArchiveDb db, IEnumerable<string> migrations, CancellationToken ct)
    {
        await db.Database.ExecuteSqlRawAsync(
            $"CREATE TABLE IF NOT EXISTS {Versions} (MigrationId TEXT NOT NULL PRIMARY KEY, Version TEXT NOT NULL)", ct);
        foreach (var id in migrations)
            await db.Database.ExecuteSqlAsync(
                $"""
                INSERT INTO MigratedBy (MigrationId, Version) VALUES ({id}, {Ours})
                ON CONFLICT (MigrationId) DO UPDATE SET Version = excluded.Version
                """,
                ct);
    }

    private static class Ids<T>
    {
        public static readonly HashSet<string> All =
        [
            .. typeof(AppliedMigration).Assembly.GetTypes()
                .Where(t => t.IsSubclassOf(typeof(Migration)) && t.GetCustomAttribute<DbContextAttribute>()!.ContextType == typeof(T))
                .Select(t => t.GetCustomAttribute<MigrationAttribute>()!.Id)
        ];
    }
}
