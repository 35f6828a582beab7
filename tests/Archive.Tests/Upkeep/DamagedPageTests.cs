using System.Globalization;
using Microsoft.Data.Sqlite;
using Relo.Archive.Faults;
using Relo.Archive.Tests.Fixtures;
using Relo.Archive.Upkeep;
using Relo.Core.Bytes;

namespace Relo.Archive.Tests.Upkeep;

/// <summary>Each page of the database in turn is damaged: <c>verify</c> reports it, no start crashes, and no file is deleted.</summary>
public sealed class DamagedPageTests : IAsyncLifetime
{
    private const int Kernels = 120, Objects = 40;
    private static readonly byte[] Btf = TinyBtf.Of("int");

    private readonly TestArchive _archive = TestArchive.Prepare();
    private byte[] _sound = [];
    private int _pageBytes;

    private static CancellationToken Patience => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        TestDatabase.SkipUnlessSqlite();
        await _archive.Restart();
        await _archive.AddAsync(Btf, "6.1.0-1-amd64");
        for (var i = 0; i < Objects; i++)
        {
            byte[] bytes = [(byte)i];
            await _archive.Objects.PutAsync(
                Digest.Of(bytes), bytes, string.Create(CultureInfo.InvariantCulture, $"{new string('t', 100)}-{i}"), Patience);
        }

        await _archive.SqlAsync($"""
            WITH RECURSIVE n(i) AS (SELECT 2 UNION ALL SELECT i + 1 FROM n WHERE i < {Kernels})
            INSERT INTO Kernels (Id, Distro, Version, Arch, Release, Btf, BtfSizeBytes, Source, AddedAt)
            SELECT 'custom/local/x86_64/6.1.0-' || i || '-amd64', 'custom', 'local', 'x86_64', '6.1.0-' || i || '-amd64', Btf, BtfSizeBytes, Source, AddedAt + i FROM Kernels, n;
            """);
        await _archive.Reset(_archive.Root);
        _sound = await File.ReadAllBytesAsync(_archive.Database, Patience);
        _pageBytes = (_sound[16] << 8) | _sound[17];
        Assert.True(_sound.Length / _pageBytes > 25, $"{_sound.Length / _pageBytes} pages");
    }

    [Theory]
    [InlineData("zeros")]
    [InlineData("ones")]
    [InlineData("noise")]
    public async Task Verify_reports_every_damaged_page(string damage)
    {
        Assert.Empty((await VerifyAsync(_sound)).Faults);
        for (var page = 0; page < _sound.Length / _pageBytes; page++)
        {
            var report = await VerifyAsync(Damaged(page, damage));
            Assert.True(report.Faults.Any(fault => fault.StartsWith("database: ", StringComparison.Ordinal)),
                $"page {page + 1}: {string.Join('\n', report.Faults)}");
            Assert.Empty(report.Unused);
        }
    }

    [Theory]
    [InlineData("zeros")]
    [InlineData("noise")]
    public async Task A_start_serves_or_refuses_with_the_reason_and_deletes_no_file(string damage)
    {
        var blobs = _archive.Blobs();
        var refused = 0;
        for (var page = 0; page < _sound.Length / _pageBytes; page++)
        {
            await WriteAsync(Damaged(page, damage));
            try
            {
                await _archive.Restart();
                Assert.Equal(Kernels, _archive.Index.Count);
            }
            catch (ArchiveStartupException e)
            {
                Assert.StartsWith(_archive.Database, e.Message, StringComparison.Ordinal);
                refused++;
            }

            Assert.Equal(blobs, _archive.Blobs());
        }

        Assert.InRange(refused, 1, _sound.Length / _pageBytes - 1); // damage of objects and indexes does not keep kernels from being served
    }

    [Fact]
    public async Task Nothing_is_pruned_beside_a_damaged_database()
    {
        await WriteAsync(_sound);
        await _archive.Restart();
        await _archive.SqlAsync(
            "PRAGMA writable_schema = on; UPDATE sqlite_schema SET rootpage = (SELECT rootpage FROM sqlite_schema WHERE name = "
                + "'IX_Objects_LastUsedAt') WHERE name = 'IX_Kernels_Btf'");
        await _archive.Restart();
        var blobs = _archive.Blobs();
        await Assert.ThrowsAsync<ArchiveStartupException>(
            () => _archive.Get<ArchivePruner>().PruneAsync(new(DryRun: false, Upstream: true, Objects: true), Patience));
        Assert.Equal(blobs, _archive.Blobs());
    }

    [Theory]
    [InlineData("removed")]
    [InlineData("emptied")]
    public async Task Verify_reports_a_lost_database_although_what_is_left_is_sound(string how)
    {
        await WriteAsync(_sound);
        if (how == "removed") File.Delete(_archive.Database);
        else await _archive.SqlAsync("DELETE FROM Tags; DELETE FROM Objects; DELETE FROM Kernels");
        Assert.Contains((await _archive.Get<ArchiveVerifier>().VerifyAsync(Patience)).Faults,
            fault => fault.Contains("restore it from a backup", StringComparison.Ordinal));
        Assert.Equal(how == "emptied", File.Exists(_archive.Database)); // looking changes nothing
    }

    public ValueTask DisposeAsync() => _archive.DisposeAsync();

    private async Task<VerifyReport> VerifyAsync(byte[] database)
    {
        await WriteAsync(database);
        return await _archive.Get<ArchiveVerifier>().VerifyAsync(Patience);
    }

    private async Task WriteAsync(byte[] database)
    {
        await _archive.Reset(_archive.Root);
        SqliteConnection.ClearAllPools();
        File.Delete(_archive.Database + "-wal");
        File.Delete(_archive.Database + "-shm");
        await File.WriteAllBytesAsync(_archive.Database, database, Patience);
    }

    private byte[] Damaged(int page, string how)
    {
        byte[] bytes = [.. _sound];
        var damaged = bytes.AsSpan(page * _pageBytes, _pageBytes);
        if (how == "noise") new Random(page).NextBytes(damaged);
        else damaged.Fill(how == "ones" ? (byte)0xff : (byte)0);
        return bytes;
    }
}
