using Microsoft.Extensions.Options;

namespace Relo.Api.Access;

/// <summary>Registers access control.</summary>
internal static class AccessRegistration
{
    /// <summary>Section <c>Access</c>, checked at start.</summary>
    public static IServiceCollection AddAccess(this IServiceCollection services, IConfiguration configuration)
    {
        HostCheck.Register(services);
        services.AddOptions<AccessOptions>().Bind(configuration.GetSection(AccessOptions.Section)).ValidateOnStart();
        services.AddSingleton<IPostConfigureOptions<AccessOptions>, KeySources>();
        services.AddSingleton<IValidateOptions<AccessOptions>, AccessOptionsCheck>();
        services.AddSingleton<KeyFollower>().AddHostedService(provider => provider.GetRequiredService<KeyFollower>());
        return services.AddSingleton<KeyRing>().AddSingleton<AccessRule>();
    }
}
