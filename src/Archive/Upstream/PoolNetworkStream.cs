using System.Net.Sockets;

namespace Relo.Archive.Upstream;

/// <summary>
/// What comes over a socket is gone on with on a thread of the pool: those that wait for sockets may be set to go on by themselves, and unpacking what was fetched
/// would keep them from all others.
/// </summary>
internal sealed class PoolNetworkStream(Socket socket) : NetworkStream(socket, ownsSocket: true)
{
    /// <summary>For <see cref="SocketsHttpHandler.ConnectCallback"/>: connects as the handler itself would.</summary>
    public static async ValueTask<Stream> ConnectAsync(SocketsHttpConnectionContext context, CancellationToken ct)
    {
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            await socket.ConnectAsync(context.DnsEndPoint, ct);
        }
        catch
        {
            socket.Dispose();
            throw;
        }

        await ToPoolAsync();
        return new PoolNetworkStream(socket);
    }

    /// <inheritdoc/>
    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        var read = await base.ReadAsync(buffer, cancellationToken);
        await ToPoolAsync();
        return read;
    }

    /// <inheritdoc/>
    public override async ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
    {
        await base.WriteAsync(buffer, cancellationToken);
        await ToPoolAsync();
    }

    private static async ValueTask ToPoolAsync()
    {
        if (!Thread.CurrentThread.IsThreadPoolThread) await Task.Yield();
    }
}
