using System.Net.Sockets;
using System.Text;

namespace Relo.Benchmarks.Load.Soak;

/// <summary>A client that requests a download and does not read it.</summary>
internal static class SlowReader
{
    private const int ReceiveBufferBytes = 4096;

    /// <summary>Sends the request, reads the status line, and holds the connection for this time.</summary>
    /// <returns>The status; null where the connection failed.</returns>
    public static async Task<int?> AskAsync(Uri service, string address, TimeSpan hold, CancellationToken stop)
    {
        using var client = new Socket(SocketType.Stream, ProtocolType.Tcp) { ReceiveBufferSize = ReceiveBufferBytes };
        try
        {
            await client.ConnectAsync(service.Host, service.Port, stop);
            await client.SendAsync(Encoding.ASCII.GetBytes($"GET {address} HTTP/1.1\r\nHost: {service.Authority}\r\n\r\n"), stop);
            var head = new byte["HTTP/1.1 200".Length];
            await new NetworkStream(client).ReadExactlyAsync(head, stop);
            await Task.Delay(hold, stop);
            return int.Parse(Encoding.ASCII.GetString(head)[^3..], System.Globalization.CultureInfo.InvariantCulture);
        }
        catch (Exception e) when (e is SocketException or IOException or FormatException)
        {
            return null;
        }
    }
}
