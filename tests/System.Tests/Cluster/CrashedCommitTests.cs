using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using Npgsql;
using Relo.Archive.Index;
using Relo.Archive.Index.Postgres;
using Relo.Archive.Settings;
using Relo.Core.Bytes;
using PostgresServer = Relo.Benchmarks.Cluster.PostgresServer;

namespace Relo.SystemTests.Cluster;

/// <summary>PostgreSQL crashes while a node commits.</summary>
public sealed class CrashedCommitTests
{
    /// <summary>
    /// After the crash, the number of the lost transaction is given to another one, which commits. (PostgreSQL logs the number of a
    /// transaction with its first change, and a crash loses what was logged since the last commit.)
    /// </summary>
    [Fact]
    public async Task A_write_that_a_crash_lost_is_not_taken_for_the_transaction_that_got_its_number()
    {
        Assert.SkipUnless(PostgresServer.Missing is null, PostgresServer.Missing ?? "");
        using var server = PostgresServer.Start();
        await using var services = new ServiceCollection().AddLogging().BuildServiceProvider();
        await using var engine = new PostgresEngine(Options.Create(new ArchiveOptions { Database = server.ConnectionString }), services);
        await engine.MigrateAsync(CancellationToken.None);

        var runs = 0;
        var digest = Digest.Of("lost"u8).Hex;
        await engine.WriteAsync(async db =>
        {
            db.Objects.Add(new ObjectRow { Digest = digest, SizeBytes = 4, UploadedAt = 1, LastUsedAt = 1 });
            await db.SaveChangesAsync();
            if (runs++ == 0) await CrashAsync(server);
            return true;
        });

        Assert.Equal(2, runs);
        await using var reader = engine.CreateDbContext();
        Assert.True(await reader.Objects.AnyAsync(o => o.Digest == digest));
    }

    // Afterwards other transactions commit, as many as other nodes may have been waiting with.
    private static async Task CrashAsync(PostgresServer server)
    {
        server.Restart();
        await using var other = new NpgsqlConnection(server.ConnectionString + ";Pooling=false");
        await other.OpenAsync();
        for (var i = 0; i < 20; i++)
        {
            await using var command = new NpgsqlCommand("SELECT pg_current_xact_id()", other);
            await command.ExecuteScalarAsync();
        }
    }
}
