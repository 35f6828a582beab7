using System.Globalization;
using System.Net;
using Microsoft.Extensions.Options;

namespace Relo.Api.Ops;

/// <summary>The default listen address, and the address to reach the service from the same machine.</summary>
internal static class ListenAddress
{
    private const string Default = "http://localhost:8080";
    private const string Plain = "http://";
    private const string Endpoints = "Kestrel:Endpoints";
    private const string Expected = "expected http or https, localhost, an IP address or + for all, and a port, such as "
        + "http://localhost:8080 or http://+:8080";

    /// <summary>Sets the default if the framework's configuration has no address.</summary>
    public static void UseDefaultAddress(this WebApplicationBuilder builder)
    {
        if (!IsConfigured(builder.Configuration)) builder.WebHost.UseUrls(Default);
    }

    /// <summary>Refuses addresses that the server cannot listen on, or would take for all addresses, before the start.</summary>
    /// <exception cref="OptionsValidationException">One of them is not an address; the message names it.</exception>
    public static void Check(IConfiguration configuration)
    {
        var faults = Split(configuration["urls"]).Where(url => !IsAddress(url))
            .Select(url => $"ASPNETCORE_URLS (--urls) has '{url}', {Expected}; several separated by ';'").ToList();
        faults.AddRange(configuration.GetSection(Endpoints).GetChildren().Where(endpoint => !IsAddress(endpoint["Url"] ?? ""))
            .Select(endpoint => $"{endpoint.Path}:Url has '{endpoint["Url"]}', {Expected}"));
        foreach (var name in new[] { "http_ports", "https_ports" })
            faults.AddRange(Split(configuration[name])
                .Where(port => !ushort.TryParse(port, NumberStyles.None, CultureInfo.InvariantCulture, out _))
                .Select(port => $"ASPNETCORE_{name.ToUpperInvariant()} has '{port}', expected ports from 0 to 65535, separated by ';'"));
        if (faults.Count > 0) throw new OptionsValidationException("urls", typeof(ListenAddress), faults);
    }

    private static bool IsAddress(string url)
    {
        try
        {
            var address = BindingAddress.Parse(url);
            return address.Scheme.ToLowerInvariant() is "http" or "https" && IsHost(address)
                && address.Port is >= 0 and <= ushort.MaxValue && address.PathBase.Length == 0;
        }
        catch (FormatException)
        {
            return false;
        }
    }

    // For any other name the server listens on all addresses of the machine: the typo 127.0.0.l would open it to the world.
    private static bool IsHost(BindingAddress address)
        => address.IsUnixPipe || address.Host is "+" or "*" || address.Host.Equals("localhost", StringComparison.OrdinalIgnoreCase)
            || IPAddress.TryParse(address.Host, out _);

    private static string[] Split(string? list) =>
        (list ?? "").Split(';', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);

    /// <summary>The first plain HTTP address, or else the first address, as reachable from the same machine.</summary>
    public static Uri Local(IConfiguration configuration)
    {
        // As in Kestrel, endpoints override addresses.
        var endpoints = configuration.GetSection(Endpoints).GetChildren().Select(e => e["Url"] ?? "").ToList();
        var urls = endpoints.Count > 0 ? endpoints
            : configuration["urls"] is { Length: > 0 } configured ? [.. Split(configured)]
            : configuration["http_ports"] is { Length: > 0 } ports ? [$"http://localhost:{ports.Split(';')[0]}"]
            : configuration["https_ports"] is { Length: > 0 } safe ? [$"https://localhost:{safe.Split(';')[0]}"] : [];
        var address = BindingAddress.Parse(urls.Find(u => u.StartsWith(Plain, StringComparison.OrdinalIgnoreCase))
            ?? urls.Find(u => u.Length > 0) ?? Default);
        var host = address.Host is "+" or "*" or "0.0.0.0" or "[::]" ? "localhost" : address.Host;
        return new Uri($"{address.Scheme}://{host}:{address.Port}{address.PathBase}");
    }

    private static bool IsConfigured(ConfigurationManager configuration)
        => configuration["urls"] is { Length: > 0 } || configuration["http_ports"] is { Length: > 0 }
            || configuration["https_ports"] is { Length: > 0 }
           || configuration.GetSection(Endpoints).GetChildren().Any();
}
