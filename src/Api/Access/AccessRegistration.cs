using Microsoft.Extensions.Options;

namespace Relo.Api.Access;

/// <summary>Registers the keys.</summary>
internal static class AccessRegistration
{
    /// <summary>Section <c>Access</c>, checked at start.</summary>
    public static IServiceCollection AddAccess(this IServiceCollection services, IConfiguration configuration)
    {
        services.AddOptions<AccessOptions>().Bind(configuration.GetSection(AccessOptions.Section)).ValidateOnStart();
        services.AddSingleton<IPostConfigureOptions<AccessOptions>, KeySources>();
        services.AddSingleton<IValidateOptions<AccessOptions>, AccessOptionsCheck>();
        return services.AddSingleton<KeyRing>().AddSingleton<AccessRule>();
    }
}
