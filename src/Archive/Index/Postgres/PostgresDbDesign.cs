using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Design;

namespace Relo.Archive.Index.Postgres;

/// <summary>
/// Lets <c>dotnet ef</c> create a context without a server: <c>dotnet ef migrations add Name --project src/Archive --context PostgresDb
/// --output-dir Index/Postgres/Migrations</c>.
/// </summary>
internal sealed class PostgresDbDesign : IDesignTimeDbContextFactory<PostgresDb>
{
    public PostgresDb CreateDbContext(string[] args) =>
        new(new DbContextOptionsBuilder<PostgresDb>().UseNpgsql("Host=nowhere").Options);
}
