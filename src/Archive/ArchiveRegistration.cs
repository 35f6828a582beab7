using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Diagnostics;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Relo.Archive.Blobs;
using Relo.Archive.Export;
using Relo.Archive.Import;
using Relo.Archive.Index;
using Relo.Archive.Kernels;
using Relo.Archive.Objects;
using Relo.Archive.Opened;
using Relo.Archive.Upkeep;
using Relo.Archive.Upstream;

namespace Relo.Archive;

/// <summary>Makes the archive known to a host.</summary>
public static class ArchiveRegistration
{
    /// <summary>
    /// Registers everything of the archive as singletons, with options from the sections <c>Archive</c>, <c>Archive:Upstream</c>, <c>Cache</c> and <c>Objects</c>.
    /// Logging must be registered by the host. Call <see cref="ArchiveStartup.StartAsync"/> before use.
    /// </summary>
    public static IServiceCollection AddArchive(this IServiceCollection services, IConfiguration configuration)
    {
        AddOptions(services, configuration);
        services.TryAddSingleton(TimeProvider.System);
        services.AddPooledDbContextFactory<ArchiveDb>((provider, options) => options
            .UseSqlite(provider.GetRequiredService<ArchiveFolders>().ConnectionString)
            .AddInterceptors(provider.GetRequiredService<ArchiveDatabase>())
            // An import runs thousands of commands; each as a line of the log would bury the lines that matter.
            .ConfigureWarnings(warnings => warnings.Log((RelationalEventId.CommandExecuted, LogLevel.Debug))));
        services.AddSingleton(p => new ArchiveFolders(Options<ArchiveOptions>(p)));
        services.AddSingleton<ArchiveDatabase>();
        services.AddSingleton<Orphans>();
        services.AddSingleton(p => new ArchiveWriter(Contexts(p), Options<ArchiveOptions>(p).Value.BusyTimeout));
        services.AddSingleton<RecentObjects>();
        services.AddSingleton<KernelIndex>(_ => new());
        services.AddSingleton<KernelResolver>();
        services.AddSingleton<HostKernel>();
        services.AddSingleton<UnusedBtf>();
        services.AddSingleton<ModuleStore>();
        services.AddSingleton(p => new ArchiveMigration(Get<ArchiveFolders>(p), Get<ArchiveDatabase>(p), Contexts(p), Options<ArchiveOptions>(p).Value.MigrationTimeout));
        // Constructors that take internals are internal, which the container does not see.
        services.AddSingleton(p => new Quarantine(Get<ArchiveFolders>(p), Get<KernelIndex>(p), Log<Quarantine>(p)));
        services.AddSingleton(p => new BtfCache(Get<ArchiveFolders>(p), Get<Quarantine>(p), Options<CacheOptions>(p), Log<BtfCache>(p)));
        services.AddSingleton(p => new KernelStore(
            Get<ArchiveFolders>(p), Get<ArchiveWriter>(p), Get<KernelIndex>(p), Get<UnusedBtf>(p), Get<ModuleStore>(p), Options<ArchiveOptions>(p), Get<TimeProvider>(p), Log<KernelStore>(p)));
        services.AddSingleton(p => new ObjectStore(
            Get<ArchiveFolders>(p), Get<Quarantine>(p), Get<ArchiveWriter>(p), Contexts(p), Get<ObjectRemoval>(p), Get<RecentObjects>(p), Get<TimeProvider>(p), Log<ObjectStore>(p)));
        services.AddSingleton(p => new ObjectAges(Get<ArchiveDatabase>(p), Get<ArchiveWriter>(p), Options<ObjectOptions>(p), Get<TimeProvider>(p), Log<ObjectRemoval>(p)));
        services.AddSingleton(p => new ObjectRemoval(
            Get<ArchiveFolders>(p), Get<ArchiveDatabase>(p), Get<ArchiveWriter>(p), Get<ObjectAges>(p), Get<RecentObjects>(p), Options<ObjectOptions>(p), Get<TimeProvider>(p), Log<ObjectRemoval>(p)));
        services.AddSingleton(p => new KernelImporter(Get<KernelStore>(p), Contexts(p), Options<ArchiveOptions>(p), Log<KernelImporter>(p)));
        services.AddSingleton(p => new ArchiveStartup(
            Get<ArchiveFolders>(p), Get<ArchiveMigration>(p), Get<ArchiveDatabase>(p), Get<Orphans>(p), Get<KernelIndex>(p), Get<ObjectRemoval>(p).Tally, Get<ObjectAges>(p), Get<Quarantine>(p), Get<HostKernel>(p), Log<ArchiveStartup>(p)));
        services.AddSingleton(p => new ArchiveWatcher(Get<ArchiveDatabase>(p), Get<ArchiveWriter>(p), Get<KernelIndex>(p), Log<ArchiveWatcher>(p)));
        services.AddSingleton(p => new ArchiveVerifier(Get<ArchiveFolders>(p), Get<ArchiveMigration>(p), Contexts(p)));
        services.AddSingleton(p => new ArchivePruner(Get<ArchiveFolders>(p), Get<ArchiveWriter>(p), Contexts(p), Get<KernelIndex>(p), Get<KernelStore>(p), Get<UnusedBtf>(p)));
        services.AddSingleton(p => new ArchiveBackup(Get<ArchiveFolders>(p), Get<ArchiveDatabase>(p), Get<ArchiveWriter>(p)));
        services.AddSingleton(p => new KernelExporter(Get<ArchiveFolders>(p), Get<KernelIndex>(p)));
        services.AddUpstream(configuration);
        services.AddSingleton(p => new ArchiveProbe(Get<ArchiveFolders>(p), Get<ArchiveDatabase>(p), Get<KernelIndex>(p), Get<TimeProvider>(p), Log<ArchiveProbe>(p)));
        return services;
    }

    private static void AddOptions(IServiceCollection services, IConfiguration configuration)
    {
        services.AddOptions<ArchiveOptions>().Bind(configuration.GetSection(ArchiveOptions.Section)).ValidateOnStart()
            .Validate(o => !string.IsNullOrWhiteSpace(o.Root), "Archive:Root is empty; expected a folder")
            .Validate(o => o.MigrationTimeout > TimeSpan.Zero, "Archive:MigrationTimeout must be longer than nothing")
            .Validate(o => o.BusyTimeout >= TimeSpan.FromSeconds(1) && o.BusyTimeout <= TimeSpan.FromHours(1), "Archive:BusyTimeout must be between a second and an hour")
            .Validate(o => o.BtfBytes is > 0 and <= int.MaxValue, "Archive:BtfBytes must be between 1 and 2147483647")
            .Validate(o => o.UnpackRatio > 0, "Archive:UnpackRatio must be at least 1")
            .Validate(o => o.UnpackedFileBytes is > 0 and <= int.MaxValue, "Archive:UnpackedFileBytes must be between 1 and 2147483647")
            .Validate(o => o.UnpackedBytes > 0, "Archive:UnpackedBytes must be at least 1")
            .Validate(o => o.UnpackTimeout > TimeSpan.Zero, "Archive:UnpackTimeout must be longer than nothing")
            .Validate(o => o.PaholeTimeout > TimeSpan.Zero, "Archive:PaholeTimeout must be longer than nothing")
            .Validate(o => o.PaholeBytes > 0, "Archive:PaholeBytes must be at least 1");
        services.AddOptions<CacheOptions>().Bind(configuration.GetSection(CacheOptions.Section)).ValidateOnStart()
            .Validate(o => o.Bytes >= 0, "Cache:Bytes must not be negative");
        services.AddOptions<ObjectOptions>().Bind(configuration.GetSection(ObjectOptions.Section)).ValidateOnStart()
            .Validate(o => o.Bytes >= 0, "Objects:Bytes must not be negative")
            .Validate(o => o.Count > 0, "Objects:Count must be at least 1")
            .Validate(o => o.Retention > TimeSpan.Zero, "Objects:Retention must be longer than nothing");
    }

    private static T Get<T>(IServiceProvider provider) where T : notnull => provider.GetRequiredService<T>();

    private static IOptions<T> Options<T>(IServiceProvider provider) where T : class => Get<IOptions<T>>(provider);

    private static ILogger<T> Log<T>(IServiceProvider provider) => Get<ILogger<T>>(provider);

    private static IDbContextFactory<ArchiveDb> Contexts(IServiceProvider provider) => Get<IDbContextFactory<ArchiveDb>>(provider);
}
