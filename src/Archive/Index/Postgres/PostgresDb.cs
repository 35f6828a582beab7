using Microsoft.EntityFrameworkCore;

namespace Relo.Archive.Index.Postgres;

/// <summary>
/// The same model on PostgreSQL. Names are in lower case, so that the SQL that both engines share needs no quotes, and neither does psql.
/// Text is ordered and compared by its bytes, as SQLite does, regardless of the locale of the server.
/// </summary>
internal sealed class PostgresDb(DbContextOptions<PostgresDb> options) : ArchiveDb(options)
{
    protected override void ConfigureConventions(ModelConfigurationBuilder configurationBuilder) =>
        configurationBuilder.Properties<string>().UseCollation("C");

    protected override void OnModelCreating(ModelBuilder modelBuilder)
    {
        base.OnModelCreating(modelBuilder);
        foreach (var entity in modelBuilder.Model.GetEntityTypes())
        {
            entity.SetTableName(Lower(entity.GetTableName()!));
            foreach (var property in entity.GetProperties()) property.SetColumnName(Lower(property.Name));
        }
    }

#pragma warning disable CA1308 // PostgreSQL folds unquoted names to lower case
    private static string Lower(string name) => name.ToLowerInvariant();
#pragma warning restore CA1308
}
