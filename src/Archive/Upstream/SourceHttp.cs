using System.Net;
using System.Net.Sockets;

namespace Relo.Archive.Upstream;

/// <summary>
/// Sends the requests of one source. Follows a redirect only if the source may redirect, and connects to another host than the source's own
/// only if its address is public. The address is checked where the connection is made, so a name that changes its address is refused too.
/// </summary>
internal sealed class SourceHttp : IDisposable
{
    private const int MostRedirects = 5;

    private static readonly TimeSpan ConnectionLifetime = TimeSpan.FromMinutes(5); // then the name is resolved again

    // Each scheme may have its own proxy.
    private static readonly Uri[] Proxied = [new("http://proxied.invalid/"), new("https://proxied.invalid/")];

    private readonly HttpClient _client;
    private readonly bool _follows, _allowsPrivate;
    private readonly Uri _root;

    /// <param name="root">The root of the source.</param>
    /// <param name="follows">Whether redirects are followed.</param>
    /// <param name="allowsPrivate">Whether redirects may lead to private addresses.</param>
    /// <param name="options">Limits.</param>
    /// <param name="connections">The most connections.</param>
    public SourceHttp(Uri root, bool follows, bool allowsPrivate, UpstreamOptions options, int connections)
    {
        (_root, _follows, _allowsPrivate) = (root, follows, allowsPrivate);
        _client = new(new SocketsHttpHandler
        {
            AllowAutoRedirect = false,
            UseCookies = false,
            MaxResponseDrainSize = 0, // closes the connection instead of reading unwanted data
            ConnectTimeout = options.ConnectTimeout,
            ConnectCallback = ConnectAsync,
            MaxConnectionsPerServer = connections,
            PooledConnectionLifetime = ConnectionLifetime,
        })
        {
            Timeout = Timeout.InfiniteTimeSpan, // the pipeline sets the limits
        };
        _client.DefaultRequestHeaders.UserAgent.ParseAdd("relo/1.0");
    }

    /// <summary>Sends a request.</summary>
    /// <exception cref="SourceException">A redirect is refused.</exception>
    public async Task<HttpResponseMessage> SendAsync(HttpMethod method, Uri address, string what, string? key, CancellationToken ct)
    {
        for (var redirects = 0; ; redirects++)
        {
            using var request = new HttpRequestMessage(method, address);
            if (key is not null && IsOwn(address)) request.Headers.Add("X-Api-Key", key);
            var response = await _client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, ct);
            if (!_follows || !IsRedirect(response.StatusCode) || response.Headers.Location is not { } to) return response;
            response.Dispose();
            address = new(address, to);
            if (redirects == MostRedirects) throw SourceException.Unfit(what, $"it redirects more than {MostRedirects} times");
            if (Fault(address) is { } fault) throw SourceException.Unfit(what, fault);
        }
    }

    public void Dispose() => _client.Dispose();

    private static bool IsRedirect(HttpStatusCode status) => status is HttpStatusCode.MovedPermanently or HttpStatusCode.Found
        or HttpStatusCode.SeeOther or HttpStatusCode.TemporaryRedirect or HttpStatusCode.PermanentRedirect;

    private bool IsOwn(Uri address) => address.Host == _root.Host && address.Port == _root.Port;

    /// <summary>
    /// Whether a connection needs no check: to the source's own host, or to a proxy, which the operator has set. Judges the endpoint, not
    /// what was requested: their names may be spelled differently.
    /// </summary>
    internal bool IsTrusted(DnsEndPoint endPoint) =>
        LeadsTo(endPoint, _root)
        || Array.Exists(Proxied, any => HttpClient.DefaultProxy.GetProxy(any) is { } proxy && LeadsTo(endPoint, proxy));

    private static bool LeadsTo(DnsEndPoint endPoint, Uri address) => endPoint.Port == address.Port
        && endPoint.Host.Trim('[', ']').Equals(address.IdnHost.Trim('[', ']'), StringComparison.OrdinalIgnoreCase);

    private string? Fault(Uri to)
    {
        if (to.Scheme is not ("http" or "https")) return $"it redirects to '{to}', expected http or https";
        if (to.Scheme == "http" && _root.Scheme == "https") return $"it redirects from https to '{to}', which is not encrypted";
        return !_allowsPrivate && !IsOwn(to) && IPAddress.TryParse(to.Host.Trim('[', ']'), out var address) && !PublicAddress.Is(address)
            ? Refused(to.Host, address)
            : null;
    }

    private static string Refused(string host, IPAddress address) =>
        $"it redirects to {host}, whose address {address} is private, which is not followed "
        + "(Archive:Upstream:Sources:<n>:PrivateRedirects)";

    private async ValueTask<Stream> ConnectAsync(SocketsHttpConnectionContext context, CancellationToken ct)
    {
        var (host, port) = (context.DnsEndPoint.Host, context.DnsEndPoint.Port);
        var requested = context.InitialRequestMessage.RequestUri!;
        var addresses = await Dns.GetHostAddressesAsync(host, ct);
        if (!_allowsPrivate && !IsTrusted(context.DnsEndPoint) && Array.Find(addresses, a => !PublicAddress.Is(a)) is { } bad)
            throw SourceException.Unfit(requested.ToString(), Refused(host, bad));
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            await socket.ConnectAsync(addresses, port, ct);
            return new NetworkStream(socket, ownsSocket: true);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }
}
