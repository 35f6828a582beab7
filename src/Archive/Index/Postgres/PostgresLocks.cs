using System.Buffers.Binary;
using System.Data;
using System.Security.Cryptography;
using System.Text;
using Npgsql;

namespace Relo.Archive.Index.Postgres;

/// <summary>
/// Named locks across nodes, all on one connection of this node. The server releases them when the connection ends, so also when the node
/// dies. Callers on one node do not exclude each other.
/// </summary>
internal sealed class PostgresLocks(PostgresServer server) : IAsyncDisposable
{
    /// <summary>Distinguishes our advisory locks from those of other programs in the same database.</summary>
    public const int Relo = 0x52656C6F;

    /// <summary>Held by the transaction that writes.</summary>
    public const int Writer = 1;

    /// <summary>Held while migrating.</summary>
    public const int Migration = 2;

    private static readonly TimeSpan AskAgain = TimeSpan.FromMilliseconds(200);

    private readonly SemaphoreSlim _turn = new(1);
    private NpgsqlConnection? _connection;

    public async Task<IAsyncDisposable> LockAsync(string name, CancellationToken ct)
    {
        while (true)
        {
            if (await TryLockAsync(name, ct) is { } held) return held;
            await Task.Delay(AskAgain, ct);
        }
    }

    public async Task<IAsyncDisposable?> TryLockAsync(string name, CancellationToken ct)
    {
        var key = BinaryPrimitives.ReadInt64LittleEndian(SHA256.HashData(Encoding.UTF8.GetBytes(name)));
        var connection = await AskAsync("SELECT pg_try_advisory_lock(@key)", key, on: null, ct);
        return connection is null ? null : new Held(this, connection, key);
    }

    /// <summary>Runs a query that returns true or false.</summary>
    /// <param name="sql">The query.</param>
    /// <param name="key">Its parameter.</param>
    /// <param name="on">The connection that holds the lock; null: the current one, which is opened if there is none.</param>
    /// <param name="ct">Cancels.</param>
    /// <returns>The connection, if the answer was true.</returns>
    private async Task<NpgsqlConnection?> AskAsync(string sql, long key, NpgsqlConnection? on, CancellationToken ct)
    {
        await _turn.WaitAsync(ct);
        try
        {
            if (_connection is { State: not ConnectionState.Open }) await CloseAsync(); // the keepalive found it broken
            if (on is not null && on != _connection) return null; // it broke, and its locks are gone
            _connection ??= await PostgresServer.OpenAsync(server.Single, ct);
#pragma warning disable CA2100 // both callers pass a constant
            await using var command = new NpgsqlCommand(sql, _connection) { Parameters = { new("key", key) } };
#pragma warning restore CA2100
            return await command.ExecuteScalarAsync(ct) is true ? _connection : null;
        }
        catch (NpgsqlException)
        {
            await CloseAsync();
            throw;
        }
        finally
        {
            _turn.Release();
        }
    }

    public async ValueTask DisposeAsync()
    {
        await CloseAsync();
        _turn.Dispose();
    }

    private async Task CloseAsync()
    {
        if (_connection is { } connection) await connection.DisposeAsync();
        _connection = null;
    }

    private sealed class Held(PostgresLocks locks, NpgsqlConnection connection, long key) : IAsyncDisposable
    {
        public async ValueTask DisposeAsync()
        {
            try
            {
                await locks.AskAsync("SELECT pg_advisory_unlock(@key)", key, connection, CancellationToken.None);
            }
            catch (NpgsqlException)
            {
                // The connection broke, and the server has released the lock.
            }
        }
    }
}
