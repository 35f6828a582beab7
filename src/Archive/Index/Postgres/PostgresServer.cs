using Npgsql;
using Relo.Archive.Faults;

namespace Relo.Archive.Index.Postgres;

/// <summary>The connection strings of one node.</summary>
internal sealed class PostgresServer
{
    // Defaults for the setting. PostgreSQL accepts 100 connections by default, and each node may open this many and three more.
    private const string Defaults = "Maximum Pool Size=20;Timeout=5;Application Name=relo;";

    /// <param name="setting"><c>Archive:Database</c>.</param>
    /// <exception cref="ArchiveStartupException">It is not a connection string of PostgreSQL.</exception>
    public PostgresServer(string setting)
    {
        try
        {
            _ = new NpgsqlConnectionStringBuilder(setting); // alone, so that a fault's position in the message is that in the setting
            var all = new NpgsqlConnectionStringBuilder(Defaults + setting);
            if (string.IsNullOrEmpty(all.Host) || string.IsNullOrEmpty(all.Database))
                throw new ArchiveStartupException(
                    "Archive:Database must name a host and a database, such as Host=db.example.com;Database=relo;Username=relo;Password=…; "
                    + "empty: SQLite under Archive:Root");
            Name = $"database '{all.Database}' on PostgreSQL at {all.Host}:{all.Port}";
            Pooled = all.ConnectionString;
            // Keeps one connection open; the keepalive detects a server that vanished.
            var keepAlive = all.KeepAlive > 0 ? all.KeepAlive : 10;
            Single = new NpgsqlConnectionStringBuilder(Pooled) { Pooling = false, KeepAlive = keepAlive }.ConnectionString;
        }
        catch (ArgumentException e)
        {
            throw new ArchiveStartupException($"Archive:Database is not a connection string of PostgreSQL: {e.Message}", e);
        }
    }

    /// <summary>The database in messages.</summary>
    public string Name { get; }

    /// <summary>For short-lived connections.</summary>
    public string Pooled { get; }

    /// <summary>For a connection that is kept, or must be new.</summary>
    public string Single { get; }

    /// <summary>Opens a connection.</summary>
    public static async Task<NpgsqlConnection> OpenAsync(string connectionString, CancellationToken ct)
    {
        var connection = new NpgsqlConnection(connectionString);
        try
        {
            await connection.OpenAsync(ct);
            return connection;
        }
        catch
        {
            await connection.DisposeAsync();
            throw;
        }
    }
}
