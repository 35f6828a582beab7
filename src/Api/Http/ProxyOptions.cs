using System.Net;

namespace Relo.Api.Http;

/// <summary>Section <c>Proxies</c>: the proxies whose X-Forwarded fields the service trusts.</summary>
internal sealed class ProxyOptions
{
    /// <summary>Name of the section.</summary>
    public const string Section = "Proxies";

    /// <summary>
    /// Addresses (<c>10.0.0.7</c>) and networks (<c>10.1.0.0/16</c>) of the proxies in front of the service, separated by commas; empty =
    /// none.
    /// </summary>
    public string Known { get; set; } = "";

    /// <summary>Parses the list; an address becomes a network of one address.</summary>
    /// <returns>The first entry that is neither; null if all are valid.</returns>
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
