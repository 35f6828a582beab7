using System.Net;
using System.Net.Sockets;
using Relo.Archive.Index;

namespace Relo.Api.Access;

/// <summary>The client of a request, for fair queues and limits: the holder of its key, else its address.</summary>
/// <param name="Name">A unique name of the client.</param>
/// <param name="HasKey">Whether it is the holder of a key.</param>
internal readonly record struct Caller(string Name, bool HasKey)
{
    private const int NetworkBytes = 8; // an IPv6 host has a /64 of addresses to choose from

    /// <summary>The client of the current work; work without a request has a name of its own.</summary>
    public static string Current => Actor.Current;

    /// <summary>The client of a request.</summary>
    public static Caller Of(HttpContext http, KeyRing keys)
    {
        var presented = http.Request.Headers[KeyRing.Header].ToString();
        return presented.Length > 0 && keys.HolderOf(presented) is { } holder
            ? new($"key {holder.Name}", true)
            : new($"address {NetworkOf(http.Connection.RemoteIpAddress ?? IPAddress.None)}", false);
    }

    /// <summary>Names the caller of each request for <see cref="Current"/> and the audit trail.</summary>
    public static void UseCaller(WebApplication app)
    {
        var keys = app.Services.GetRequiredService<KeyRing>();
        app.Use((HttpContext http, RequestDelegate next) =>
        {
            Actor.Is(Of(http, keys).Name);
            return next(http);
        });
    }

    private static IPAddress NetworkOf(IPAddress address)
    {
        if (address.IsIPv4MappedToIPv6) return address.MapToIPv4();
        return address.AddressFamily == AddressFamily.InterNetworkV6
            ? new([.. address.GetAddressBytes().AsSpan(0, NetworkBytes), .. new byte[NetworkBytes]])
            : address;
    }
}
