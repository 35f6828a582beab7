using Microsoft.AspNetCore.HttpOverrides;
using Microsoft.Extensions.Options;

namespace Relo.Api.Http;

/// <summary>
/// Takes the client's address, and the scheme and host it used, from <c>X-Forwarded-For</c>, <c>-Proto</c> and <c>-Host</c> if a known
/// proxy sent the request. From other clients these fields are ignored.
/// </summary>
internal static class KnownProxies
{
    /// <summary>Registers section <c>Proxies</c>, checked at start.</summary>
    public static IServiceCollection AddKnownProxies(this IServiceCollection services, IConfiguration configuration)
    {
        services.AddOptions<ProxyOptions>().Bind(configuration.GetSection(ProxyOptions.Section)).ValidateOnStart()
            .Validate(o => o.Fault(out _) is null,
                "Proxies:Known must be addresses and networks (10.0.0.7, 10.1.0.0/16), separated by commas");
        return services;
    }

    /// <summary>
    /// Adds it to the pipeline if there are proxies, before everything that reads the client's address or the request's host.
    /// </summary>
    public static void UseKnownProxies(this WebApplication app)
    {
        app.Services.GetRequiredService<IOptions<ProxyOptions>>().Value.Fault(out var networks);
        if (networks.Count == 0) return;
        var forwarded = new ForwardedHeadersOptions
        {
            ForwardedHeaders = ForwardedHeaders.XForwardedFor | ForwardedHeaders.XForwardedProto | ForwardedHeaders.XForwardedHost,
            ForwardLimit = null,
        };
        forwarded.KnownProxies.Clear();
        forwarded.KnownIPNetworks.Clear();
        networks.ForEach(forwarded.KnownIPNetworks.Add);
        app.UseForwardedHeaders(forwarded);
    }
}
