using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace Relo.Archive.Upstream.Configured;

/// <summary>Registers the sources and what fetches from them.</summary>
internal static class UpstreamRegistration
{
    public static IServiceCollection AddUpstream(this IServiceCollection services, IConfiguration configuration)
    {
        services.AddOptions<UpstreamOptions>().Bind(configuration.GetSection(UpstreamOptions.Section)).ValidateOnStart()
            .Validate(
                o => string.IsNullOrWhiteSpace(o.BaseUrl) || UpstreamOptions.AddressFault(o.BaseUrl) is null,
                "Archive:Upstream:BaseUrl must be an http or https address without '?' and '#', or empty")
            .Validate(
                o => o.Timeout > TimeSpan.Zero && o.Timeout <= TimeSpan.FromHours(1),
                "Archive:Upstream:Timeout must be greater than 0 and at most an hour")
            .Validate(
                o => o.ConnectTimeout > TimeSpan.Zero && o.ConnectTimeout <= TimeSpan.FromHours(1),
                "Archive:Upstream:ConnectTimeout must be greater than 0 and at most an hour")
            .Validate(o => o.FileBytes is > 0 and <= int.MaxValue, "Archive:Upstream:FileBytes must be between 1 and 2147483647")
            .Validate(o => o.PackageBytes is > 0 and <= int.MaxValue, "Archive:Upstream:PackageBytes must be between 1 and 2147483647")
            .Validate(o => o.IndexBytes is > 0 and <= int.MaxValue, "Archive:Upstream:IndexBytes must be between 1 and 2147483647")
            .Validate(o => o.BytesPerSecond >= 0, "Archive:Upstream:BytesPerSecond must not be negative")
            .Validate(o => o.RememberMisses >= TimeSpan.Zero, "Archive:Upstream:RememberMisses must not be negative")
            .Validate(
                o => o.Pause >= TimeSpan.FromSeconds(0.5) && o.Pause <= TimeSpan.FromDays(1),
                "Archive:Upstream:Pause must be between half a second and a day");
        services.AddSingleton<Microsoft.Extensions.Options.IValidateOptions<UpstreamOptions>, SourcesValidation>();
        services.AddSingleton<SourceTypes>().AddSingleton(provider => provider.GetRequiredService<SourceTypes>().Open());
        return services.AddSingleton<KernelIntake>().AddSingleton<UpstreamKernels>().AddSingleton<UpstreamRestore>();
    }
}
