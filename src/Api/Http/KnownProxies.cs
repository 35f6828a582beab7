using System.Net;
using Microsoft.AspNetCore.HttpOverrides;
using Microsoft.Extensions.Options;

namespace Relo.Api.Http;

/// <summary>Section <c>Proxies</c>: whom to believe about who asks.</summary>
internal sealed class ProxyOptions
{
    /// <summary>Name of the section.</summary>
    public const string Section = "Proxies";

    /// <summary>Addresses (<c>10.0.0.7</c>) and networks (<c>10.1.0.0/16</c>) of the proxies in front, separated by commas; empty = there are none.</summary>
    public string Known { get; set; } = "";

    /// <summary>One by one, an address as the network of itself.</summary>
    /// <returns>The first that is neither; null where all is well.</returns>
    internal string? Fault(out List<System.Net.IPNetwork> networks)
    {
        networks = [];
        foreach (var text in Known.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
        {
            if (System.Net.IPNetwork.TryParse(text, out var network)) networks.Add(network);
            else if (IPAddress.TryParse(text, out var address)) networks.Add(new(address, address.GetAddressBytes().Length * 8));
            else return text;
        }

        return null;
    }
}

/// <summary>Takes the client's address, and the scheme and host it used, from <c>X-Forwarded-For</c>, <c>-Proto</c> and <c>-Host</c>, where a known proxy sent them.
/// Other clients cannot set them.</summary>
internal static class KnownProxies
{
    /// <summary>Registers the section, checked at start.</summary>
    public static IServiceCollection AddKnownProxies(this IServiceCollection services, IConfiguration configuration)
    {
        services.AddOptions<ProxyOptions>().Bind(configuration.GetSection(ProxyOptions.Section)).ValidateOnStart()
            .Validate(o => o.Fault(out _) is null, "Proxies:Known must be addresses and networks (10.0.0.7, 10.1.0.0/16), separated by commas");
        return services;
    }

    /// <summary>Puts it into the pipeline where there are proxies, before everything that looks at the client or at the address it used.</summary>
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
