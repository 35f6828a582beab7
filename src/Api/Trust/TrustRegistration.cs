using Microsoft.Extensions.Options;
using Relo.Api.Signing;

namespace Relo.Api.Trust;

/// <summary>Registers signing, and the check of signed uploads.</summary>
internal static class TrustRegistration
{
    /// <summary>Binds section <c>Signing</c> and the setting for signed uploads; both are checked at the start.</summary>
    public static IServiceCollection AddTrust(this IServiceCollection services, IConfiguration configuration)
    {
        services.AddOptions<SigningOptions>().Bind(configuration.GetSection(SigningOptions.Section)).ValidateOnStart();
        services.AddSingleton<IValidateOptions<SigningOptions>, SigningOptionsCheck>();
        services.AddOptions<ApprovalOptions>().Bind(configuration.GetSection(ApprovalOptions.Section)).ValidateOnStart();
        services.AddSingleton<IValidateOptions<ApprovalOptions>, ApprovalOptionsCheck>();
        services.AddSingleton<Approval>();
        services.AddSingleton(provider => SigningKeys.Of(provider.GetRequiredService<IOptions<SigningOptions>>().Value));
        return services.AddSingleton<Attester>();
    }
}
