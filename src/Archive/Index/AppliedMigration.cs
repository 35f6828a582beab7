using System.Reflection;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Migrations;

namespace Relo.Archive.Index;

/// <summary>A migration that the database has. EF notes only its own version; a table beside its history has that of the product.</summary>
/// <param name="Id">As in <c>__EFMigrationsHistory</c>.</param>
/// <param name="Version">Version of the product that made it; null where that was before versions were noted.</param>
internal sealed record AppliedMigration(string Id, string? Version)
{
    /// <summary>The table with the versions.</summary>
    public const string Versions = "MigratedBy";

    private static readonly Lazy<HashSet<string>> Ids = new(() =>
        [.. typeof(AppliedMigration).Assembly.GetTypes().Where(t => t.IsSubclassOf(typeof(Migration))).Select(t => t.GetCustomAttribute<MigrationAttribute>()!.Id)]);

    /// <summary>The migrations of this version; <c>__EFMigrationsHistory</c> has exactly these when the database is up to date.</summary>
    public static IReadOnlySet<string> Known => Ids.Value;

    /// <summary>This version of the product.</summary>
    public static string Ours { get; } = typeof(AppliedMigration).Assembly.GetName().Version!.ToString(3);

    /// <summary>Who made it, for messages.</summary>
    public string By => Version is null ? "another version of Relo" : $"Relo {Version}";

    /// <summary>Notes which version makes these.</summary>
    public static async Task TellAsync(ArchiveDb db, IEnumerable<string> migrations, CancellationToken ct)
    {
        await db.Database.ExecuteSqlRawAsync($"CREATE TABLE IF NOT EXISTS {Versions} (MigrationId TEXT NOT NULL PRIMARY KEY, Version TEXT NOT NULL)", ct);
        foreach (var id in migrations)
            await db.Database.ExecuteSqlAsync($"INSERT INTO MigratedBy (MigrationId, Version) VALUES ({id}, {Ours}) ON CONFLICT (MigrationId) DO UPDATE SET Version = excluded.Version", ct);
    }
}
