using System.IO.Pipelines;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Server.Kestrel.Core;

namespace Relo.Api.Http.Hot;

/// <summary>
/// A connection on which requests that are known to the byte, and whose answer is that nothing is new, are answered before the server reads them, by the thread that
/// waits for its socket. All others reach the server as they came, on a thread of the pool. The server's writing is its own: where it has to wait, it goes on on the
/// pool by itself.
/// <code>
/// client --- HotInput --- (TLS) --- server --- HotServer --- service
///            known head: 304        known request: its answer
/// </code>
/// </summary>
internal sealed class HotConnection : IDuplexPipe
{
    private readonly HotInput _input;

    private HotConnection(ConnectionContext connection, HotHeads heads, TimeProvider clock) =>
        (_input, Output) = (new HotInput(connection, heads, clock), connection.Transport.Output);

    /// <inheritdoc/>
    public PipeReader Input => _input;

    /// <inheritdoc/>
    public PipeWriter Output { get; }

    /// <summary>Puts one before each connection of the server.</summary>
    public static void Use(KestrelServerOptions kestrel, HotHeads heads, TimeProvider clock) => kestrel.ConfigureEndpointDefaults(endpoint => endpoint.Use(next => async connection =>
    {
        var transport = connection.Transport;
        var hot = new HotConnection(connection, heads, clock);
        connection.Features.Set(hot);
        connection.Transport = hot;
        try
        {
            await next(connection);
        }
        finally
        {
            connection.Transport = transport;
        }
    }));

    /// <summary>The request that the server read last had this answer, which is sent, and <see cref="HotHeads.IsWhole"/>: the next one begins where it ended.</summary>
    public void HasAnswered(KeptAnswer answer) => _input.HasAnswered(answer);
}
