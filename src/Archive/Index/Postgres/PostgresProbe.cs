using Npgsql;
using Relo.Archive.Faults;

namespace Relo.Archive.Index.Postgres;

/// <summary>Tries to read the database, and checks whether it is writable.</summary>
internal static class PostgresProbe
{
    private const string Part = "database";

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(2);

    public static async Task<ProbeResult> ProbeAsync(PostgresServer server, CancellationToken ct)
    {
        using var limited = CancellationTokenSource.CreateLinkedTokenSource(ct);
        limited.CancelAfter(Patience);
        try
        {
            await using var connection = await PostgresServer.OpenAsync(server.Pooled, limited.Token);
            await using var command = new NpgsqlCommand(
                "SELECT current_setting('transaction_read_only'), (SELECT count(*) FROM (SELECT 1 FROM Kernels LIMIT 1) AS k)", connection);
            return await command.ExecuteScalarAsync(limited.Token) is "on"
                ? new(Part, ProbeStatus.Degraded, $"{server.Name} is readable, but not writable: it may be a standby")
                : new(Part, ProbeStatus.Healthy, $"{server.Name} is readable and writable");
        }
        catch (NpgsqlException e)
        {
            var reason = PostgresFault.Of(e) is { } fault ? $"{fault.Reason}: " : "";
            return new(Part, ProbeStatus.Unhealthy, $"{server.Name}: {reason}{e.Message}");
        }
        catch (OperationCanceledException) when (!ct.IsCancellationRequested)
        {
            return new(Part, ProbeStatus.Unhealthy, $"{server.Name} did not respond within {Patience.TotalSeconds} s");
        }
    }
}
