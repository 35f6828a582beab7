using Relo.Api.BtfHubOnline;
using Relo.Api.Caching;
using Relo.Api.Compatibility;
using Relo.Api.Diagnoses;
using Relo.Api.Relocations;
using Relo.Api.Types;
using Relo.Api.Work;
using Relo.Archive.Settings;

namespace Relo.Api;

/// <summary>Registers what computes results, and the caches of results.</summary>
internal static class ResultRegistration
{
    /// <summary>Binds part of section <c>Cache</c>, and section <c>Compatibility</c>; both are checked at the start.</summary>
    public static IServiceCollection AddResults(this IServiceCollection services, IConfiguration configuration)
    {
        services.AddOptions<ResultOptions>().Bind(configuration.GetSection(CacheOptions.Section)).ValidateOnStart()
            .Validate(o => o.ResultBytes >= 0, "Cache:ResultBytes must not be negative")
            .Validate(o => o.CompatibilityBytes >= 0, "Cache:CompatibilityBytes must not be negative")
            .Validate(o => o.PackedBytes >= 0, "Cache:PackedBytes must not be negative");
        services.AddOptions<CompatibilityOptions>().Bind(configuration.GetSection(CompatibilityOptions.Section)).ValidateOnStart()
            .Validate(o => o.Parallelism >= 0, "Compatibility:Parallelism must not be negative");
        return services.AddSingleton<WorkGate>().AddSingleton<ObjectReader>().AddSingleton<LayoutKeys>().AddSingleton<RelocationRunner>()
            .AddSingleton<LayoutGroups>().AddSingleton<CompatibilityRunner>().AddSingleton<DiagnosisRunner>().AddSingleton<NeighbourProof>()
            .AddSingleton<RequestedRelocation>()
            .AddSingleton<KernelTypeReader>().AddSingleton<TypeSnapshots>().AddSingleton<LayoutComparer>()
            .AddSingleton<PackedBtf>();
    }
}
