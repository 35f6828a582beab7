namespace Relo.Api.Ops;

/// <summary>Where the service listens when nobody says, and where it can be asked on the same machine.</summary>
internal static class ListenAddress
{
    private const string Default = "http://localhost:8080";

    /// <summary>Sets the default where no address is configured in any of the ways the framework knows.</summary>
    public static void UseDefaultAddress(this WebApplicationBuilder builder)
    {
        if (!IsConfigured(builder.Configuration)) builder.WebHost.UseUrls(Default);
    }

    /// <summary>The first plain HTTP address, from the point of view of the same machine.</summary>
    public static Uri Local(IConfiguration configuration)
    {
        var urls = configuration["urls"] is { Length: > 0 } configured ? configured
            : configuration["http_ports"] is { Length: > 0 } ports ? $"http://localhost:{ports.Split(';')[0]}"
            : configuration.GetSection("Kestrel:Endpoints").GetChildren().Select(e => e["Url"]).FirstOrDefault(u => u is not null) ?? Default;
        var first = urls.Split(';', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries)
            .FirstOrDefault(u => u.StartsWith("http://", StringComparison.OrdinalIgnoreCase)) ?? Default;
        var address = BindingAddress.Parse(first);
        var host = address.Host is "+" or "*" or "0.0.0.0" or "[::]" ? "localhost" : address.Host;
        return new Uri($"http://{host}:{address.Port}{address.PathBase}");
    }

    private static bool IsConfigured(ConfigurationManager configuration)
        => configuration["urls"] is { Length: > 0 } || configuration["http_ports"] is { Length: > 0 } || configuration["https_ports"] is { Length: > 0 }
           || configuration.GetSection("Kestrel:Endpoints").GetChildren().Any();
}
