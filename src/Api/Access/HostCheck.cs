using System.Net;
using System.Net.Sockets;
using Microsoft.AspNetCore.HostFiltering;
using Relo.Api.Http.Problems;

namespace Relo.Api.Access;

/// <summary>
/// Refuses a <c>Host</c> that does not belong to the service. The owner of a domain can make its name resolve to 127.0.0.1; to a browser
/// on this machine the service is then part of that domain, and its pages may read and write everything (DNS rebinding). The <c>Host</c>
/// still names the domain.
/// </summary>
internal sealed class HostCheck(RequestDelegate next, IConfiguration configuration)
{
    /// <summary>The setting with further names, separated by <c>;</c>: a name, <c>*.example.com</c>, or <c>*</c> for any.</summary>
    public const string Setting = "AllowedHosts";

    private const string Any = "*", Loopback = "localhost";

    private readonly string _machine = Dns.GetHostName();
    private readonly string[] _allowed =
        (configuration[Setting] ?? "").Split(';', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);

    /// <summary>Replaces the framework's own filter, which reads the same setting but knows neither loopback names nor problems.</summary>
    public static void Register(IServiceCollection services)
        => services.Configure<HostFilteringOptions>(filter => filter.AllowedHosts = [Any]);

    /// <summary>
    /// Passes the request on, or refuses it. Runs before <c>X-Forwarded-Host</c> is read: a page can set that field, but not
    /// <c>Host</c>.
    /// </summary>
    public Task InvokeAsync(HttpContext http)
    {
        var host = http.Request.Host;
        if (!IsChecked(http) || !host.HasValue || IsAllowed(host.Host)) return next(http);
        return new Problem(ProblemKinds.HostNotAllowed,
            $"Host is '{host.Host}', expected localhost, *.localhost, the machine's own name, an IP address, or a name in the setting "
                + Setting).ExecuteAsync(http);
    }

    // Without AllowedHosts it applies only to loopback addresses, because the service does not know its other names.
    private bool IsChecked(HttpContext http) => !_allowed.Contains(Any)
        && (_allowed.Length > 0 || (http.Connection.LocalIpAddress is { } address && IPAddress.IsLoopback(Unmapped(address))));

    private static IPAddress Unmapped(IPAddress address) =>
        address is { AddressFamily: AddressFamily.InterNetworkV6, IsIPv4MappedToIPv6: true } ? address.MapToIPv4() : address;

    // An attacker cannot change what an IP address or this machine's own name resolves to.
    private bool IsAllowed(string host)
    {
        var name = host.TrimEnd('.');
        return name.Equals(Loopback, StringComparison.OrdinalIgnoreCase)
            || name.EndsWith('.' + Loopback, StringComparison.OrdinalIgnoreCase)
            || IPAddress.TryParse(name.Trim('[', ']'), out _) || name.Equals(_machine, StringComparison.OrdinalIgnoreCase)
            || Array.Exists(_allowed, pattern => pattern.StartsWith("*.", StringComparison.Ordinal)
                ? name.EndsWith(pattern[1..], StringComparison.OrdinalIgnoreCase)
                : name.Equals(pattern, StringComparison.OrdinalIgnoreCase));
    }
}
