using Microsoft.EntityFrameworkCore;

namespace Relo.Archive.Index;

/// <summary>The index on disk. Only the archive writes it; all readers use the snapshot in memory.</summary>
internal sealed class ArchiveDb(DbContextOptions<ArchiveDb> options) : DbContext(options)
{
    public DbSet<KernelRow> Kernels => Set<KernelRow>();

    public DbSet<ModuleRow> Modules => Set<ModuleRow>();

    public DbSet<ObjectRow> Objects => Set<ObjectRow>();

    public DbSet<TagRow> Tags => Set<TagRow>();

    protected override void OnModelCreating(ModelBuilder modelBuilder)
    {
        var kernel = modelBuilder.Entity<KernelRow>();
        kernel.ToTable("Kernels").HasKey(k => k.Id); // the key settles races between processes
        kernel.HasIndex(k => k.Btf);
        kernel.HasIndex(k => k.BuildId);
        kernel.HasMany(k => k.Modules).WithOne().HasForeignKey(m => m.KernelId).OnDelete(DeleteBehavior.Cascade);

        var module = modelBuilder.Entity<ModuleRow>();
        module.ToTable("Modules").HasKey(m => new { m.KernelId, m.Name });
        module.HasIndex(m => m.Btf);

        var stored = modelBuilder.Entity<ObjectRow>();
        stored.ToTable("Objects").HasKey(o => o.Digest);
        stored.HasIndex(o => o.LastUsedAt);
        stored.HasIndex(o => new { o.UploadedAt, o.Digest }); // the order of the list

        var tag = modelBuilder.Entity<TagRow>();
        tag.ToTable("Tags").HasKey(t => t.Name);
        tag.HasOne<ObjectRow>().WithMany(o => o.Tags).HasForeignKey(t => t.Digest); // deleting an object deletes its tags
    }
}
