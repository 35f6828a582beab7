namespace Relo.Api.Ops;

/// <summary>Where the service listens when nobody says, and where it can be asked on the same machine.</summary>
internal static class ListenAddress
{
    private const string Default = "http://localhost:8080";
    private const string Plain = "http://";

    /// <summary>Sets the default where no address is configured in any of the ways the framework knows.</summary>
    public static void UseDefaultAddress(this WebApplicationBuilder builder)
    {
        if (!IsConfigured(builder.Configuration)) builder.WebHost.UseUrls(Default);
    }

    /// <summary>The first plain HTTP address, or else the first there is, from the point of view of the same machine.</summary>
    public static Uri Local(IConfiguration configuration)
    {
        // What Kestrel itself goes by: its endpoints outdo the addresses.
        var endpoints = configuration.GetSection("Kestrel:Endpoints").GetChildren().Select(e => e["Url"] ?? "").ToList();
        var urls = endpoints.Count > 0 ? endpoints
            : configuration["urls"] is { Length: > 0 } configured ? [.. configured.Split(';', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries)]
            : configuration["http_ports"] is { Length: > 0 } ports ? [$"http://localhost:{ports.Split(';')[0]}"]
            : configuration["https_ports"] is { Length: > 0 } safe ? [$"https://localhost:{safe.Split(';')[0]}"] : [];
        var address = BindingAddress.Parse(urls.Find(u => u.StartsWith(Plain, StringComparison.OrdinalIgnoreCase)) ?? urls.Find(u => u.Length > 0) ?? Default);
        var host = address.Host is "+" or "*" or "0.0.0.0" or "[::]" ? "localhost" : address.Host;
        return new Uri($"{address.Scheme}://{host}:{address.Port}{address.PathBase}");
    }

    private static bool IsConfigured(ConfigurationManager configuration)
        => configuration["urls"] is { Length: > 0 } || configuration["http_ports"] is { Length: > 0 } || configuration["https_ports"] is { Length: > 0 }
           || configuration.GetSection("Kestrel:Endpoints").GetChildren().Any();
}
