using System.Net.Sockets;
using System.Text;

namespace Relo.Api.Tests.Fixtures;

/// <summary>A connection on which anything can be said, byte by byte, and that can be hung up at any moment.</summary>
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

    /// <summary>All that the service answers to this until it closes the connection.</summary>
    public static async Task<string> AskAsync(ServiceHost service, string request)
    {
        using var connection = await OpenAsync(service);
        await connection.SendAsync(Encoding.Latin1.GetBytes(request));
        return await connection.ReadToEndAsync();
    }

    public ValueTask SendAsync(byte[] bytes, CancellationToken ct = default) => _socket.GetStream().WriteAsync(bytes, ct);

    /// <summary>All that comes until the service closes the connection.</summary>
    public async Task<string> ReadToEndAsync()
    {
        using var patience = new CancellationTokenSource(Patience);
        using var reader = new StreamReader(_socket.GetStream(), Encoding.Latin1);
        return await reader.ReadToEndAsync(patience.Token);
    }

    /// <summary>The head of the next answer, its empty line included.</summary>
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

    /// <summary>As a machine does that loses its power: without a good-bye (RST).</summary>
    public void HangUp() => _socket.Client.Close(0);

    public void Dispose() => _socket.Dispose();
}
