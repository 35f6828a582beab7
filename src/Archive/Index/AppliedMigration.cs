using System.Reflection;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Migrations;

namespace Relo.Archive.Index;

/// <summary>A migration that was applied to the database. EF records its own version; our table records the product's version.</summary>
/// <param name="Id">The id in <c>__EFMigrationsHistory</c>.</param>
/// <param name="Version">Product version that applied it; null if that version did not record it yet.</param>
internal sealed record AppliedMigration(string Id, string? Version)
{
    /// <summary>Table that records the product version of each migration.</summary>
    public const string Versions = "MigratedBy";

    private static readonly Lazy<HashSet<string>> Ids = new(() =>
        [
            .. typeof(AppliedMigration).Assembly.GetTypes().Where(t => t.IsSubclassOf(typeof(Migration)))
                .Select(t => t.GetCustomAttribute<MigrationAttribute>()!.Id)
        ]);

    /// <summary>The migrations of this version; <c>__EFMigrationsHistory</c> has exactly these when the database is up to date.</summary>
    public static IReadOnlySet<string> Known => Ids.Value;

    /// <summary>This version of the product.</summary>
    public static string Ours { get; } = typeof(AppliedMigration).Assembly.GetName().Version!.ToString(3);

    /// <summary>The product version that applied it, for messages.</summary>
    public string By => Version is null ? "another version of Relo" : $"Relo {Version}";

    /// <summary>Records that this version applies these migrations.</summary>
    public static async Task TellAsync(ArchiveDb db, IEnumerable<string> migrations, CancellationToken ct)
    {
        await db.Database.ExecuteSqlRawAsync(
            $"CREATE TABLE IF NOT EXISTS {Versions} (MigrationId TEXT NOT NULL PRIMARY KEY, Version TEXT NOT NULL)", ct);
        foreach (var id in migrations)
            await db.Database.ExecuteSqlAsync($"INSERT INTO MigratedBy (MigrationId, Version) VALUES ({id}, {Ours}) ON CONFLICT (MigrationId) DO UPDATE SET Version = excluded.Version", ct);
    }
}
