using Npgsql;
using Relo.Archive.Index.Postgres;
using Relo.Archive.Tests.Fixtures;

namespace Relo.Archive.Tests.Index.Postgres;

public sealed class PostgresLocksTests : IAsyncDisposable
{
    private readonly string _root = Directory.CreateTempSubdirectory("relo-locks-").FullName;

    private static CancellationToken Patience => TestContext.Current.CancellationToken;

    [Fact]
    public async Task After_the_keepalive_found_the_connection_broken_the_next_lock_opens_another()
    {
        TestDatabase.SkipUnlessPostgres();
        await using var locks = new PostgresLocks(new(TestDatabase.Of(_root) + ";Keepalive=1"));
        await TakeAsync();
        await TestDatabase.SqlAsync(
            _root, "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()");
        await Task.Delay(TimeSpan.FromSeconds(3), Patience);
        var fault = await Record.ExceptionAsync(TakeAsync);
        if (fault is NpgsqlException) fault = await Record.ExceptionAsync(TakeAsync); // a busy machine: it was not found until now
        Assert.Null(fault);

        async Task TakeAsync()
        {
            await using var held = await locks.LockAsync("name", Patience);
        }
    }

    public ValueTask DisposeAsync()
    {
        TestDatabase.Drop(_root);
        Directory.Delete(_root, recursive: true);
        return ValueTask.CompletedTask;
    }
}
