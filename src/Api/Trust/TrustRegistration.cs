using Microsoft.Extensions.Options;

namespace Relo.Api.Trust;

/// <summary>Registers signing.</summary>
internal static class TrustRegistration
{
    /// <summary>Section <c>Signing</c>, checked at start.</summary>
    public static IServiceCollection AddTrust(this IServiceCollection services, IConfiguration configuration)
    {
        services.AddOptions<SigningOptions>().Bind(configuration.GetSection(SigningOptions.Section)).ValidateOnStart();
        services.AddSingleton<IValidateOptions<SigningOptions>, SigningOptionsCheck>();
        services.AddSingleton(provider => SigningKeys.Of(provider.GetRequiredService<IOptions<SigningOptions>>().Value));
        return services.AddSingleton<Attester>();
    }
}
