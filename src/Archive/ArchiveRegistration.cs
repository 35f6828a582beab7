using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Relo.Archive.Audit;
using Relo.Archive.Blobs;
using Relo.Archive.Blobs.S3;
using Relo.Archive.Damage;
using Relo.Archive.Differences;
using Relo.Archive.Export;
using Relo.Archive.Import;
using Relo.Archive.Index;
using Relo.Archive.Index.Postgres;
using Relo.Archive.Index.Sqlite;
using Relo.Archive.Kernels.Store;
using Relo.Archive.Layouts;
using Relo.Archive.Objects;
using Relo.Archive.OnDemand;
using Relo.Archive.Opened;
using Relo.Archive.Resolution;
using Relo.Archive.Settings;
using Relo.Archive.Sync;
using Relo.Archive.Upkeep;
using Relo.Archive.Upstream.Configured;

namespace Relo.Archive;

/// <summary>Registers the archive's services.</summary>
public static class ArchiveRegistration
{
    /// <summary>
    /// Registers all archive services as singletons, with options from the sections <c>Archive</c>, <c>Archive:Upstream</c>,
    /// <c>Archive:Sync</c>, <c>Cache</c> and <c>Objects</c>. The host must register logging. Call
    /// <see cref="ArchiveStartup.StartAsync"/> before use.
    /// </summary>
    public static IServiceCollection AddArchive(this IServiceCollection services, IConfiguration configuration)
    {
        AddOptions(services, configuration);
        services.TryAddSingleton(TimeProvider.System);
        services.AddSingleton<ArchiveFolders>().AddSingleton<ArchiveStartup>();
        // Index
        services.AddSingleton<IIndexEngine>(provider => provider.GetRequiredService<IOptions<ArchiveOptions>>().Value.Database.Length == 0
            ? ActivatorUtilities.CreateInstance<SqliteEngine>(provider)
            : ActivatorUtilities.CreateInstance<PostgresEngine>(provider));
        services.AddSingleton<IDbContextFactory<ArchiveDb>>(provider => provider.GetRequiredService<IIndexEngine>())
            .AddSingleton<ArchiveWriter>();
        // Blobs
        services.AddSingleton(OpenBlobs);
        services.AddSingleton<Quarantine>().AddSingleton<Orphans>();
        // Kernels
        services.AddSingleton<KernelIndex>(_ => new()).AddSingleton<KernelResolver>().AddSingleton<KernelFinder>()
            .AddSingleton<KernelFileReading>().AddSingleton<KernelStore>().AddSingleton<ModuleTarget>().AddSingleton<ModuleStore>();
        services.AddSingleton<UnusedBtf>().AddSingleton<HostKernel>().AddSingleton<KernelImporter>().AddSingleton<ModuleImport>()
            .AddSingleton<PackedImporter>().AddSingleton<KernelExporter>().AddSingleton<PackedExporter>();
        // Differences
        services.AddSingleton<BtfPacker>().AddSingleton<UnusedBases>();
        // Opened
        services.AddSingleton<BtfCache>().AddSingleton<KernelOpener>();
        // Layouts
        services.AddSingleton<LayoutIndex>().AddSingleton<LayoutNames>().AddSingleton<FreshLayouts>().AddSingleton<LayoutWriter>()
            .AddSingleton<LayoutBuilder>().AddSingleton<LayoutSweeper>();
        // Objects
        services.AddSingleton<ObjectUses>().AddSingleton<ObjectStore>().AddSingleton<ObjectRemoval>().AddSingleton<ObjectAges>()
            .AddSingleton<ObjectTally>().AddSingleton<RecentObjects>();
        services.AddSingleton<AuditLog>();
        // Upkeep
        services.AddSingleton<ArchiveWatcher>().AddSingleton<ArchiveProbe>().AddSingleton<ArchiveVerifier>().AddSingleton<ArchivePruner>()
            .AddSingleton<ArchiveBackup>();
        return services.AddUpstream(configuration).AddSync(configuration);
    }

    private static ArchiveBlobs OpenBlobs(IServiceProvider provider)
    {
        var folders = provider.GetRequiredService<ArchiveFolders>();
        var options = provider.GetRequiredService<IOptions<ArchiveOptions>>().Value;
        if (!S3Address.TryParse(options.Blobs, out var address)) return ArchiveBlobs.InFiles(folders);
        var log = provider.GetRequiredService<ILogger<S3Blobs>>();
        return S3ArchiveBlobs.Open(address, provider.GetRequiredService<IOptions<S3Options>>().Value, folders.Cache, log);
    }

    private static void AddOptions(IServiceCollection services, IConfiguration configuration)
    {
        services.AddOptions<ArchiveOptions>().Bind(configuration.GetSection(ArchiveOptions.Section)).ValidateOnStart()
            .Validate(o => !string.IsNullOrWhiteSpace(o.Root), "Archive:Root is empty; expected a folder")
            .Validate(
                o => o.Blobs.Length == 0 || S3Address.TryParse(o.Blobs, out _),
                "Archive:Blobs must be s3://bucket/prefix, or empty for files under Archive:Root")
            .Validate(
                o => o.MigrationTimeout > TimeSpan.Zero && o.MigrationTimeout <= TimeSpan.FromDays(1),
                "Archive:MigrationTimeout must be greater than 0 and at most a day")
            .Validate(
                o => o.BusyTimeout >= TimeSpan.FromSeconds(1) && o.BusyTimeout <= TimeSpan.FromHours(1),
                "Archive:BusyTimeout must be between a second and an hour")
            .Validate(o => o.BtfBytes is > 0 and <= int.MaxValue, "Archive:BtfBytes must be between 1 and 2147483647")
            .Validate(o => o.UnpackRatio > 0, "Archive:UnpackRatio must be at least 1")
            .Validate(o => o.UnpackedFileBytes is > 0 and <= int.MaxValue, "Archive:UnpackedFileBytes must be between 1 and 2147483647")
            .Validate(o => o.UnpackedBytes > 0, "Archive:UnpackedBytes must be at least 1")
            .Validate(
                o => o.UnpackTimeout > TimeSpan.Zero && o.UnpackTimeout <= TimeSpan.FromDays(1),
                "Archive:UnpackTimeout must be greater than 0 and at most a day")
            .Validate(
                o => o.PaholeTimeout > TimeSpan.Zero && o.PaholeTimeout <= TimeSpan.FromDays(1),
                "Archive:PaholeTimeout must be greater than 0 and at most a day")
            .Validate(o => o.PaholeBytes > 0, "Archive:PaholeBytes must be at least 1")
            .Validate(o => o.PackAfter >= TimeSpan.Zero, "Archive:PackAfter must not be negative")
            .Validate(o => o.AuditEntries >= AuditLog.AlwaysKept, $"Archive:AuditEntries must be at least {AuditLog.AlwaysKept}");
        services.AddOptions<S3Options>().Bind(configuration.GetSection(S3Options.Section)).ValidateOnStart()
            .Validate(
                o => o.Endpoint.Length == 0 || Uri.TryCreate(o.Endpoint, UriKind.Absolute, out var url) && url.Scheme is "http" or "https",
                "Archive:S3:Endpoint must be an http or https URL, or empty for AWS")
            .Validate(o => o.PartBytes is >= 5 << 20 and <= 1 << 30, "Archive:S3:PartBytes must be between 5 MiB and 1 GiB")
            .Validate(
                o => o.Timeout >= TimeSpan.FromSeconds(1) && o.Timeout <= TimeSpan.FromHours(1),
                "Archive:S3:Timeout must be between a second and an hour");
        services.AddOptions<CacheOptions>().Bind(configuration.GetSection(CacheOptions.Section)).ValidateOnStart()
            .Validate(o => o.Bytes >= 0, "Cache:Bytes must not be negative")
            .Validate(o => o.DiskBytes >= 0, "Cache:DiskBytes must not be negative");
        services.AddOptions<ObjectOptions>().Bind(configuration.GetSection(ObjectOptions.Section)).ValidateOnStart()
            .Validate(o => o.Bytes >= 0, "Objects:Bytes must not be negative")
            .Validate(o => o.Count > 0, "Objects:Count must be at least 1")
            .Validate(
                o => o.Retention > TimeSpan.Zero && o.Retention <= TimeSpan.FromDays(36_500),
                "Objects:Retention must be greater than 0 and at most 36500 days");
    }
}
