using Microsoft.EntityFrameworkCore;

namespace Relo.Archive.Index;

/// <summary>
/// The index in the database. Only <see cref="ArchiveWriter"/> writes it; requests read kernels from the snapshot in memory.
/// </summary>
internal class ArchiveDb(DbContextOptions options) : DbContext(options)
{
    public DbSet<KernelRow> Kernels => Set<KernelRow>();

    public DbSet<ModuleRow> Modules => Set<ModuleRow>();

    public DbSet<ObjectRow> Objects => Set<ObjectRow>();

    public DbSet<TagRow> Tags => Set<TagRow>();

    public DbSet<KernelChangeRow> KernelChanges => Set<KernelChangeRow>();

    public DbSet<LayoutBlockRow> LayoutBlocks => Set<LayoutBlockRow>();

    public DbSet<LayoutSetRow> LayoutSets => Set<LayoutSetRow>();

    public DbSet<KernelLayoutsRow> KernelLayouts => Set<KernelLayoutsRow>();

    public DbSet<ListedKernelRow> ListedKernels => Set<ListedKernelRow>();

    public DbSet<AuditRow> AuditEntries => Set<AuditRow>();

    /// <summary>Whether rows are copied together with the audit trail of their own archive, so that they get no entries here.</summary>
    public bool CopiesTrail { get; set; }

    /// <summary>The versions of the changes that this context has saved.</summary>
    public IEnumerable<long> SavedVersions => ChangeTracker.Entries<KernelChangeRow>().Select(e => e.Entity.Version).Distinct().Order();

    /// <summary>Saves, and records which kernels changed and who changed what. Must run in the transaction of a writer.</summary>
    public override async Task<int> SaveChangesAsync(bool acceptAllChangesOnSuccess, CancellationToken cancellationToken = default)
    {
        await RecordChangesAsync(cancellationToken);
        if (!CopiesTrail) await AuditTrail.AddAsync(this, cancellationToken);
        return await base.SaveChangesAsync(acceptAllChangesOnSuccess, cancellationToken);
    }

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

        var change = modelBuilder.Entity<KernelChangeRow>();
        change.ToTable("KernelChanges").HasKey(c => c.Id);
        change.HasIndex(c => c.Version);

        var stored = modelBuilder.Entity<ObjectRow>();
        stored.ToTable("Objects").HasKey(o => o.Digest);
        stored.HasIndex(o => o.LastUsedAt);
        stored.HasIndex(o => new { o.UploadedAt, o.Digest }); // the order of the list

        var tag = modelBuilder.Entity<TagRow>();
        tag.ToTable("Tags").HasKey(t => t.Name);
        tag.HasOne<ObjectRow>().WithMany(o => o.Tags).HasForeignKey(t => t.Digest); // deleting an object deletes its tags

        var audit = modelBuilder.Entity<AuditRow>();
        audit.ToTable("AuditEntries").HasKey(a => a.Number);
        audit.Property(a => a.Number).ValueGeneratedNever();
        audit.Ignore(a => a.Time);

        var listed = modelBuilder.Entity<ListedKernelRow>();
        listed.ToTable("ListedKernels").HasKey(l => new { l.Source, l.Distro, l.Version, l.Arch, l.Release });

        Layouts(modelBuilder);
    }

    private static void Layouts(ModelBuilder modelBuilder)
    {
        var block = modelBuilder.Entity<LayoutBlockRow>();
        block.ToTable("LayoutBlocks").HasKey(b => b.First);
        block.Property(b => b.First).ValueGeneratedNever();

        var set = modelBuilder.Entity<LayoutSetRow>();
        set.ToTable("LayoutSets").HasKey(s => s.Id);
        set.HasIndex(s => s.Digest).IsUnique();
        set.HasOne<LayoutSetRow>().WithMany().HasForeignKey(s => s.BaseId).OnDelete(DeleteBehavior.Restrict);

        var layouts = modelBuilder.Entity<KernelLayoutsRow>();
        layouts.ToTable("KernelLayouts").HasKey(l => l.Id);
        layouts.HasIndex(l => l.KernelId).IsUnique();
        layouts.HasOne<KernelRow>().WithMany().HasForeignKey(l => l.KernelId).OnDelete(DeleteBehavior.Cascade);
        layouts.HasOne<LayoutSetRow>().WithMany().HasForeignKey(l => l.SetId).OnDelete(DeleteBehavior.Restrict);
    }

    private async Task RecordChangesAsync(CancellationToken ct)
    {
        var changed = ChangeTracker.Entries()
            .Where(e => e.State is EntityState.Added or EntityState.Modified or EntityState.Deleted)
            .Select(e => e.Entity switch { KernelRow kernel => kernel.Id, ModuleRow module => module.KernelId, _ => null })
            .OfType<string>().Distinct(StringComparer.Ordinal).ToList();
        if (changed.Count == 0) return;
        var version = (await KernelChanges.MaxAsync(c => (long?)c.Version, ct) ?? 0) + 1;
        var known = await KernelChanges.Where(c => changed.Contains(c.Id)).ToDictionaryAsync(c => c.Id, StringComparer.Ordinal, ct);
        foreach (var id in changed)
        {
            if (known.TryGetValue(id, out var row)) row.Version = version;
            else KernelChanges.Add(new() { Id = id, Version = version });
        }
    }
}
