using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace Relo.Archive.Sync;

/// <summary>Registers what fetches whole sources.</summary>
internal static class SyncRegistration
{
    public static IServiceCollection AddSync(this IServiceCollection services, IConfiguration configuration)
    {
        services.AddOptions<SyncOptions>().Bind(configuration.GetSection(SyncOptions.Section)).ValidateOnStart()
            .Validate(
                o => o.Every == TimeSpan.Zero || (o.Every >= TimeSpan.FromMinutes(1) && o.Every <= TimeSpan.FromDays(365)),
                "Archive:Sync:Every must be 0, or between a minute and a year");
        return services.AddSingleton<SourceLedger>().AddSingleton<KernelSync>().AddSingleton<CoverageReader>();
    }
}
