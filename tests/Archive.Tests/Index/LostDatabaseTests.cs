using Relo.Archive.Faults;
using Relo.Archive.Objects;
using Relo.Archive.Tests.Fixtures;
using Relo.Core.Bytes;

namespace Relo.Archive.Tests.Index;

/// <summary>No start deletes a file of a kernel or an object, even if the database is lost.</summary>
public sealed class LostDatabaseTests : IAsyncLifetime
{
    private static readonly byte[] Btf = TinyBtf.Of("int"), Other = TinyBtf.Of("long");
    private TestArchive _archive = null!;

    private static CancellationToken Patience => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _archive = await TestArchive.StartAsync();
        await _archive.AddAsync(Btf, "6.1.0-1-amd64");
        await _archive.AddAsync(Other, "6.1.0-2-amd64");
        await PutAsync(_archive, "tagged", "tag");
        await PutAsync(_archive, "plain", null);
    }

    [Theory]
    [InlineData("removed")]
    [InlineData("truncated to nothing")]
    [InlineData("emptied")]
    public async Task Beside_a_new_or_empty_database_every_file_is_an_orphan(string how)
    {
        if (how != "emptied") TestDatabase.SkipUnlessSqlite();
        await using var archive = await StoppedAsync();
        var before = archive.Blobs();
        if (how == "removed") File.Delete(archive.Database);
        else if (how == "emptied")
            await archive.SqlAsync("DELETE FROM Tags; DELETE FROM Objects; DELETE FROM Modules; DELETE FROM Kernels");
        else Truncate(archive.Database, 0);
        await archive.Restart();
        Assert.Equal(0, archive.Index.Count);
        Assert.Equal(before, archive.Blobs());
        Assert.Empty(archive.Files("btf").Concat(archive.Files("objects")));
    }

    [Fact]
    public async Task A_backup_of_the_database_brings_the_files_back()
    {
        TestDatabase.SkipUnlessSqlite();
        await using var archive = await StoppedAsync();
        var backup = await File.ReadAllBytesAsync(archive.Database, Patience);
        File.Delete(archive.Database);
        await archive.Restart();
        await archive.Reset(archive.Root);
        await File.WriteAllBytesAsync(archive.Database, backup, Patience);
        await archive.Restart();
        Assert.Equal(2, archive.Index.Count);
        Assert.Equal(Btf, archive.Cache.Open(Digest.Of(Btf))!.Bytes.ToArray());
        Assert.Equal("tagged"u8.ToArray(), (await archive.Objects.GetAsync(Digest.Of("tagged"u8), Patience))!.Value.ToArray());
        Assert.Empty(Directory.EnumerateFiles(Path.Combine(archive.Root, "orphans"), "*", SearchOption.AllDirectories));
    }

    [Fact]
    public async Task A_lost_write_ahead_log_costs_rows_and_no_files()
    {
        TestDatabase.SkipUnlessSqlite();
        await using var archive = _archive.Killed();
        var before = archive.Blobs();
        File.Delete(archive.Database + "-wal");
        File.Delete(archive.Database + "-shm");
        await StartsOrRefusesAsync(archive);
        Assert.Equal(before, archive.Blobs());
    }

    [Fact]
    public async Task A_lost_shared_memory_file_costs_nothing()
    {
        TestDatabase.SkipUnlessSqlite();
        await using var archive = _archive.Killed();
        File.Delete(archive.Database + "-shm");
        await archive.Restart();
        Assert.Equal(2, archive.Index.Count);
        Assert.NotNull(await archive.Objects.FindAsync(new ObjectRef.ByTag("tag"), Patience));
        Assert.False(Directory.Exists(Path.Combine(archive.Root, "orphans")));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_write_ahead_log_without_its_database_is_kept(bool isEmpty)
    {
        TestDatabase.SkipUnlessSqlite();
        await using var archive = _archive.Killed();
        var before = archive.Blobs();
        var log = await File.ReadAllBytesAsync(archive.Database + "-wal", Patience);
        Assert.NotEmpty(log);
        if (isEmpty) Truncate(archive.Database, 0);
        else File.Delete(archive.Database);
        await archive.Restart();
        Assert.Equal(log, await File.ReadAllBytesAsync(Path.Combine(archive.Root, "orphans", "relo.db-wal"), Patience));
        Assert.Equal(before, archive.Blobs());
    }

    [Theory]
    [InlineData(100)]
    [InlineData(4096)]
    [InlineData(20_000)]
    public async Task A_database_cut_short_is_refused_with_its_name_and_what_to_do(int length)
    {
        TestDatabase.SkipUnlessSqlite();
        await using var archive = await StoppedAsync();
        var before = archive.Blobs();
        Truncate(archive.Database, length);
        var refused = await Assert.ThrowsAsync<ArchiveStartupException>(archive.Restart);
        Assert.StartsWith($"{archive.Database} ({length} bytes) cannot be used", refused.Message, StringComparison.Ordinal);
        Assert.Contains("restore it from a backup", refused.Message, StringComparison.Ordinal);
        Assert.Equal(before, archive.Blobs());
    }

    [Fact]
    public async Task Garbage_in_place_of_the_database_is_refused()
    {
        TestDatabase.SkipUnlessSqlite();
        await using var archive = await StoppedAsync();
        var before = archive.Blobs();
        await File.WriteAllBytesAsync(archive.Database, [.. Enumerable.Repeat((byte)0x55, 40_000)], Patience);
        Assert.Contains("file is not a database", (await Assert.ThrowsAsync<ArchiveStartupException>(archive.Restart)).Message,
            StringComparison.Ordinal);
        Assert.Equal(before, archive.Blobs());
    }

    [Theory]
    [InlineData("UPDATE Kernels SET Btf = 'no digest'")]
    [InlineData("UPDATE Kernels SET AddedAt = -1")]
    public async Task Rows_that_cannot_be_ours_are_refused(string sql)
    {
        await using var archive = await StoppedAsync();
        var before = archive.Blobs();
        await archive.SqlAsync(sql);
        Assert.Contains(
            "is damaged", (await Assert.ThrowsAsync<ArchiveStartupException>(archive.Restart)).Message, StringComparison.Ordinal);
        Assert.Equal(before, archive.Blobs());
    }

    public static TheoryData<string, string> LostUnderway => new()
    {
        { "deleted", "the database was deleted or moved away" },
        { "replaced", "the database was replaced by another file" },
        { "truncated", "the database was truncated to 0 bytes" },
        { "log deleted", "the database lost its write-ahead log" },
        { "folder deleted", "the database was deleted or moved away" },
    };

    [Theory]
    [MemberData(nameof(LostUnderway))]
    public async Task A_database_that_is_lost_under_a_running_service_is_a_storage_fault(string how, string reason)
    {
        TestDatabase.SkipUnlessSqlite();
        await using var another = await StoppedAsync();
        switch (how)
        {
            case "replaced": File.Move(another.Database, _archive.Database, overwrite: true); break;
            case "truncated": Truncate(_archive.Database, 0); break;
            case "log deleted": File.Delete(_archive.Database + "-wal"); break;
            case "folder deleted": Directory.Delete(_archive.Root, recursive: true); break;
            default: File.Delete(_archive.Database); break;
        }

        foreach (var use in new Func<Task>[]
        {
            () => PutAsync(_archive, "new", null), () => _archive.Objects.FindAsync(new ObjectRef.ByTag("other"), Patience), () =>
                _archive.Objects.ListAsync(10, null, Patience),
            () => _archive.AddAsync(TinyBtf.Of("char"), "6.1.0-3-amd64"), () =>
                _archive.Store.DeleteAsync(_archive.Index.Matching(new()).First().Id, Patience),
        })
        {
            var fault = StorageFault.Of(await Assert.ThrowsAnyAsync<Exception>(use));
            Assert.True(
                fault is not null && (fault.Reason.StartsWith(reason, StringComparison.Ordinal) || how == "folder deleted"), $"{fault}");
        }

        Assert.Equal(how is "truncated" or "replaced" or "log deleted", File.Exists(_archive.Database)); // it does not come back empty
        Assert.Equal(2, _archive.Index.Count);
        Directory.CreateDirectory(_archive.Root);
    }

    [Fact]
    public async Task A_database_that_is_put_back_is_used_again()
    {
        TestDatabase.SkipUnlessSqlite();
        File.Move(_archive.Database, _archive.Database + ".away");
        await Assert.ThrowsAsync<DatabaseLostException>(() => PutAsync(_archive, "new", null));
        File.Move(_archive.Database + ".away", _archive.Database);
        await PutAsync(_archive, "new", "new");
        Assert.NotNull(await _archive.Objects.FindAsync(new ObjectRef.ByTag("new"), Patience));
    }

    public ValueTask DisposeAsync() => _archive.DisposeAsync();

    // A copy, so that nothing but the damage differs; its database is one whole file.
    private async Task<TestArchive> StoppedAsync()
    {
        var copy = _archive.Killed();
        await copy.Restart();
        await copy.Reset(copy.Root);
        return copy;
    }

    private static async Task StartsOrRefusesAsync(TestArchive archive)
    {
        try
        {
            await archive.Restart();
        }
        catch (ArchiveStartupException e)
        {
            Assert.Contains(archive.Database, e.Message, StringComparison.Ordinal);
        }
    }

    private static Task<PutObject> PutAsync(TestArchive archive, string content, string? tag)
    {
        var bytes = System.Text.Encoding.UTF8.GetBytes(content);
        return archive.Objects.PutAsync(Digest.Of(bytes), bytes, tag, Patience);
    }

    private static void Truncate(string path, int length)
    {
        using var file = new FileStream(path, FileMode.Open, FileAccess.Write, FileShare.ReadWrite);
        file.SetLength(length);
    }
}
