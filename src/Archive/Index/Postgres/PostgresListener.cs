using System.Data;
using System.Data.Common;
using Npgsql;

namespace Relo.Archive.Index.Postgres;

/// <summary>
/// Waits for the notification that a trigger sends when kernels change. Returns every second without one, too: a notification may be lost
/// with its connection, or never arrive through a connection pooler.
/// </summary>
internal sealed class PostgresListener(PostgresServer server) : IAsyncDisposable
{
    private static readonly TimeSpan LookEvery = TimeSpan.FromSeconds(1);

    private NpgsqlConnection? _connection;

    /// <summary>Returns when kernels may have changed. Calls must not overlap.</summary>
    public async Task WaitAsync(CancellationToken ct)
    {
        try
        {
            if (_connection is { State: not ConnectionState.Open }) await DisposeAsync(); // the keepalive found it broken
            _connection ??= await ListenAsync(ct);
            await _connection.WaitAsync(LookEvery, ct);
        }
        catch (DbException) // the caller's next query reports the fault
        {
            await DisposeAsync();
            await Task.Delay(LookEvery, ct);
        }
    }

    private async Task<NpgsqlConnection> ListenAsync(CancellationToken ct)
    {
        var connection = await PostgresServer.OpenAsync(server.Single, ct);
        try
        {
            await using var command = new NpgsqlCommand("LISTEN relo_kernels", connection);
            await command.ExecuteNonQueryAsync(ct);
            return connection;
        }
        catch
        {
            await connection.DisposeAsync(); // a standby refuses to listen
            throw;
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (_connection is { } connection) await connection.DisposeAsync();
        _connection = null;
    }
}
