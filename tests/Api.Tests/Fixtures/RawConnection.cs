using System.Net.Sockets;
using System.Text;

namespace Relo.Api.Tests.Fixtures;

/// <summary>A connection on which a test can send any bytes and which it can close at any moment.</summary>
internal sealed class RawConnection : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private readonly TcpClient _socket = new();

    private RawConnection() { }

    public static async Task<RawConnection> OpenAsync(ServiceHost service, int? receiveBufferBytes = null)
    {
        var connection = new RawConnection();
        if (receiveBufferBytes is { } bytes) connection._socket.ReceiveBufferSize = bytes;
        await connection._socket.ConnectAsync(service.Http.BaseAddress!.Host, service.Http.BaseAddress.Port);
        return connection;
    }

    /// <summary>Sends bytes and returns the whole response until the service closes the connection.</summary>
    public static async Task<string> AskAsync(ServiceHost service, string request)
    {
        using var connection = await OpenAsync(service);
        await connection.SendAsync(Encoding.Latin1.GetBytes(request));
        return await connection.ReadToEndAsync();
    }

    public ValueTask SendAsync(byte[] bytes, CancellationToken ct = default) => _socket.GetStream().WriteAsync(bytes, ct);

    /// <summary>Everything received until the service closes the connection.</summary>
    public async Task<string> ReadToEndAsync()
    {
        using var patience = new CancellationTokenSource(Patience);
        using var reader = new StreamReader(_socket.GetStream(), Encoding.Latin1);
        return await reader.ReadToEndAsync(patience.Token);
    }

    /// <summary>The header section of the next response, including its empty line.</summary>
    public async Task<string> ReadHeadAsync()
    {
        using var patience = new CancellationTokenSource(Patience);
        var head = new StringBuilder();
        var one = new byte[1];
        while (!head.ToString().EndsWith("\r\n\r\n", StringComparison.Ordinal))
        {
            await _socket.GetStream().ReadExactlyAsync(one, patience.Token);
            head.Append((char)one[0]);
        }

        return head.ToString();
    }

    public async Task ReadAsync(int bytes)
    {
        using var patience = new CancellationTokenSource(Patience);
        await _socket.GetStream().ReadExactlyAsync(new byte[bytes], patience.Token);
    }

    /// <summary>Closes the connection as a machine that loses power does: with RST.</summary>
    public void HangUp() => _socket.Client.Close(0);

    public void Dispose() => _socket.Dispose();
}
