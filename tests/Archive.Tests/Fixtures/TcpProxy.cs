using System.Net;
using System.Net.Sockets;

namespace Relo.Archive.Tests.Fixtures;

/// <summary>A proxy between a client and a server that breaks their connections on request.</summary>
internal sealed class TcpProxy : IDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly List<Socket> _sockets = [];
    private readonly Lock _lock = new();
    private readonly (string Host, int Port) _server;
    private volatile Cut _next;
    private volatile bool _isAway;

    public TcpProxy(string host, int port)
    {
        _server = (host, port);
        _listener.Start();
        _ = AcceptAsync();
    }

    /// <summary>The fault of the next message of a client, once.</summary>
    public enum Cut
    {
        None,

        /// <summary>It does not reach the server; the connection breaks.</summary>
        Request,

        /// <summary>It reaches the server; the response does not reach the client, and the connection breaks.</summary>
        Answer,
    }

    public int Port => ((IPEndPoint)_listener.LocalEndpoint).Port;

    public void CutNext(Cut cut) => _next = cut;

    /// <summary>Breaks all connections, and refuses new ones until the server is back.</summary>
    public void SetAway(bool isAway)
    {
        _isAway = isAway;
        if (!isAway) return;
        lock (_lock)
        {
            _sockets.ForEach(socket => socket.Dispose());
            _sockets.Clear();
        }
    }

    public void Dispose()
    {
        SetAway(true);
        _listener.Dispose();
    }

    private async Task AcceptAsync()
    {
        try
        {
            while (true)
            {
                var client = await _listener.AcceptSocketAsync();
                if (_isAway) client.Dispose();
                else _ = ServeAsync(client);
            }
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException)
        {
            // The test is over.
        }
    }

    private async Task ServeAsync(Socket client)
    {
        using var server = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        using (client)
        {
            lock (_lock) _sockets.AddRange(client, server);
            try
            {
                await server.ConnectAsync(_server.Host, _server.Port);
                client.NoDelay = true;
                await new Pair(this, client, server).RunAsync();
            }
            catch (Exception e) when (e is SocketException or ObjectDisposedException)
            {
                // One of them closed the connection.
            }
        }
    }

    /// <summary>Both directions of one connection; ends when one of them does.</summary>
    private sealed class Pair(TcpProxy proxy, Socket client, Socket server)
    {
        private volatile bool _dropsAnswers;

        public async Task RunAsync() => await Task.WhenAny(RequestsAsync(), AnswersAsync());

        private async Task RequestsAsync()
        {
            var buffer = new byte[65536];
            for (int read; (read = await client.ReceiveAsync(buffer)) > 0;)
            {
                var cut = proxy._next;
                proxy._next = Cut.None;
                if (cut == Cut.Request) return;
                if (cut == Cut.Answer) _dropsAnswers = true;
                await server.SendAsync(buffer.AsMemory(0, read));
            }
        }

        private async Task AnswersAsync()
        {
            var buffer = new byte[65536];
            for (int read; (read = await server.ReceiveAsync(buffer)) > 0 && !_dropsAnswers;)
                await client.SendAsync(buffer.AsMemory(0, read));
        }
    }
}
