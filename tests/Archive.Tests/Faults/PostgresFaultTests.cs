using Microsoft.EntityFrameworkCore;
using Npgsql;
using Relo.Archive.Faults;
using Relo.Archive.Index;
using Relo.Archive.Kernels;
using Relo.Archive.Objects;
using Relo.Archive.Tests.Fixtures;
using Relo.Archive.Upkeep;
using Relo.Core.Bytes;

namespace Relo.Archive.Tests.Faults;

/// <summary>A connection that breaks at any moment loses no acknowledged write, repeats none, and needs no restart.</summary>
public sealed class PostgresFaultTests : IAsyncLifetime
{
    private readonly TestArchive _archive = TestArchive.Prepare(("Archive:BusyTimeout", "00:00:01"));
    private TcpProxy _proxy = null!;

    private static CancellationToken Patience => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        TestDatabase.SkipUnlessPostgres();
        var database = new NpgsqlConnectionStringBuilder(TestDatabase.Of(_archive.Root));
        _proxy = new(database.Host!, database.Port);
        database.Port = _proxy.Port;
        await _archive.Restart(_archive.Root, database.ConnectionString);
    }

    [Theory]
    [InlineData(nameof(TcpProxy.Cut.Request), 2)] // the commit did not reach the server: the second run writes
    [InlineData(nameof(TcpProxy.Cut.Answer), 1)] // it did: the second run finds what the first wrote
    public async Task A_connection_that_breaks_during_the_commit_leaves_one_write(string cut, int written)
    {
        var digest = Digest.Of([7]).Hex;
        var ran = 0;
        var result = await _archive.Get<ArchiveWriter>().WriteAsync(
            async db =>
            {
                ran++;
                if (await db.Objects.FindAsync([digest], Patience) is null)
                {
                    db.Objects.Add(new() { Digest = digest, SizeBytes = 1, UploadedAt = ran, LastUsedAt = 0 });
                    await db.SaveChangesAsync(Patience);
                }
                if (ran == 1) _proxy.CutNext(Enum.Parse<TcpProxy.Cut>(cut));
                return ran;
            },
            _ => { },
            Patience);
        Assert.Equal((2, 2), (ran, result));
        Assert.Equal((long)written, await _archive.SqlAsync("SELECT UploadedAt FROM Objects"));
        Assert.Equal(1L, await _archive.SqlAsync("SELECT Count FROM ObjectTotals"));
    }

    [Theory]
    [InlineData(nameof(TcpProxy.Cut.Request))]
    [InlineData(nameof(TcpProxy.Cut.Answer))]
    public async Task A_connection_that_breaks_anywhere_in_a_write_or_a_read_is_not_noticed_by_the_caller(string cut)
    {
        for (var i = 0; i < 12; i++)
        {
            byte[] bytes = [(byte)i];
            _proxy.CutNext(Enum.Parse<TcpProxy.Cut>(cut));
            await _archive.Objects.PutAsync(Digest.Of(bytes), bytes, $"tag{i}", Patience);
            _proxy.CutNext(Enum.Parse<TcpProxy.Cut>(cut));
            Assert.Single((await _archive.Objects.ListAsync(1, null, Patience)).Items);
            _proxy.CutNext(Enum.Parse<TcpProxy.Cut>(cut));
            Assert.IsType<Added>(await _archive.AddAsync(TinyBtf.Of($"t{i}"), $"6.1.{i}"));
        }

        Assert.Equal((12L, 12L),
            (await _archive.SqlAsync("SELECT Count FROM ObjectTotals"), await _archive.SqlAsync("SELECT count(*) FROM Kernels")));
        Assert.Equal(12, _archive.Index.Count);
    }

    [Fact]
    public async Task While_the_server_is_away_all_uses_are_storage_faults_and_when_it_is_back_all_work()
    {
        byte[] bytes = [1];
        await _archive.Objects.PutAsync(Digest.Of(bytes), bytes, "tag", Patience);
        var kernel = Assert.IsType<Added>(await _archive.AddAsync(TinyBtf.Of("int"))).Kernel;
        _proxy.SetAway(true);
        foreach (var use in new Func<Task>[]
        {
            () => _archive.Objects.PutAsync(Digest.Of([2]), new byte[] { 2 }, Patience), () =>
                _archive.Objects.FindAsync(new ObjectRef.ByTag("other"), Patience),
            () => _archive.Objects.ListAsync(10, null, Patience), () => _archive.AddAsync(TinyBtf.Of("char"), "6.1.0-3-amd64"),
            () => _archive.Store.DeleteAsync(kernel.Id, Patience), () => _archive.Get<IIndexEngine>().LockAsync("name", Patience),
            () => _archive.Get<ObjectRemoval>().RemoveUnusedAsync(Patience),
        })
        {
            var fault = StorageFault.Of(await Assert.ThrowsAnyAsync<Exception>(use));
            Assert.Equal(("the database cannot be reached", TimeSpan.FromSeconds(2)), (fault?.Reason, fault?.RetryAfter));
        }

        await _archive.Get<ArchiveWatcher>().CatchUpAsync(Patience);
        Assert.Equal(1, _archive.Index.Count); // served from memory
        Assert.Equal(ProbeStatus.Unhealthy, (await ProbeAsync()).Status);
        Assert.Contains("cannot be reached", (await ProbeAsync()).Detail, StringComparison.Ordinal);

        _proxy.SetAway(false);
        _archive.Clock.Advance(TimeSpan.FromSeconds(2));
        Assert.Equal(ProbeStatus.Healthy, (await ProbeAsync()).Status);
        Assert.IsType<Added>(await _archive.AddAsync(TinyBtf.Of("char"), "6.1.0-3-amd64"));
        Assert.NotNull(await _archive.Objects.FindAsync(new ObjectRef.ByTag("tag"), Patience));
        await using var held = await _archive.Get<IIndexEngine>().LockAsync("name", Patience);
    }

    [Fact]
    public async Task Connections_that_the_server_ended_are_replaced()
    {
        for (var i = 0; i < 5; i++)
        {
            await _archive.SqlAsync(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()");
            Assert.IsType<Added>(await _archive.AddAsync(TinyBtf.Of("int"), $"6.1.{i}"));
        }
    }

    [Fact]
    public async Task A_writer_that_another_node_keeps_waiting_gives_up_in_time()
    {
        await using var holder = new NpgsqlConnection(TestDatabase.Of(_archive.Root));
        await holder.OpenAsync(Patience);
        await using var transaction = await holder.BeginTransactionAsync(Patience);
        await using (var command =
            new NpgsqlCommand("SELECT pg_advisory_xact_lock(@relo, 1)", holder) { Parameters = { new("relo", 0x52656C6F) } })
            await command.ExecuteNonQueryAsync(Patience);
        await Assert.ThrowsAsync<ArchiveBusyException>(() => _archive.AddAsync(TinyBtf.Of("int")));
        await transaction.RollbackAsync(Patience);
        Assert.IsType<Added>(await _archive.AddAsync(TinyBtf.Of("int")));
    }

    [Fact]
    public async Task A_standby_can_be_read_and_says_that_it_cannot_be_written()
    {
        await _archive.AddAsync(TinyBtf.Of("int"));
        var name = new NpgsqlConnectionStringBuilder(TestDatabase.Of(_archive.Root)).Database;
        await _archive.SqlAsync($"ALTER DATABASE {name} SET default_transaction_read_only = on");
        await _archive.SqlAsync(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()");
        Assert.Equal("the database is read-only",
            StorageFault.Of(await Assert.ThrowsAnyAsync<Exception>(() => _archive.AddAsync(TinyBtf.Of("char"), "6.2.0")))?.Reason);
        Assert.Empty((await _archive.Objects.ListAsync(10, null, Patience)).Items);
        Assert.Equal(ProbeStatus.Degraded, (await ProbeAsync()).Status);
        await _archive.SqlAsync($"SET default_transaction_read_only = off; ALTER DATABASE {name} RESET default_transaction_read_only");
    }

    [Fact]
    public async Task A_violated_constraint_is_a_defect_and_no_storage_fault()
    {
        var violated = await Assert.ThrowsAsync<DbUpdateException>(() => _archive.Get<ArchiveWriter>().WriteAsync(
            db =>
            {
                db.Tags.Add(new() { Name = "tag", Digest = "of no object", MovedAt = 0 });
                return Task.FromResult(0);
            },
            _ => { },
            Patience));
        Assert.Null(StorageFault.Of(violated));
    }

    public async ValueTask DisposeAsync()
    {
        await _archive.DisposeAsync();
        _proxy?.Dispose();
    }

    private async Task<ProbeResult> ProbeAsync() =>
        (await _archive.Get<ArchiveProbe>().ProbeAsync(Patience)).Single(part => part.Part == "database");
}
