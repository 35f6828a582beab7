using System.Net;
using System.Net.Sockets;

namespace Relo.Benchmarks;

/// <summary>Ports of the loopback address.</summary>
internal static class Ports
{
    /// <summary>A free port.</summary>
    public static int Free()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
