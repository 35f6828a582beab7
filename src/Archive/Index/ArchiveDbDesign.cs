using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Design;

namespace Relo.Archive.Index;

/// <summary>
/// Lets <c>dotnet ef</c> create a context without a host:
/// <c>dotnet ef migrations add Name --project src/Archive --context ArchiveDb --output-dir Index/Migrations</c>.
/// </summary>
internal sealed class ArchiveDbDesign : IDesignTimeDbContextFactory<ArchiveDb>
{
    public ArchiveDb CreateDbContext(string[] args) =>
        new(new DbContextOptionsBuilder<ArchiveDb>().UseSqlite("Data Source=design.db").Options);
}
