using Microsoft.Extensions.Logging.Abstractions;
using Relo.Archive.Blobs;
using Relo.Archive.Kernels;
using Relo.Archive.Opened;
using Relo.Archive.Tests.Fixtures;
using Relo.Archive.Upkeep;
using Relo.Core.Bytes;

namespace Relo.Archive.Tests.Upkeep;

public sealed class ArchiveVerifierTests : IAsyncLifetime
{
    private static readonly byte[] Btf = TinyBtf.Of("int"), Other = TinyBtf.Of("long"), Object = "an object"u8.ToArray();
    private TestArchive _archive = null!;

    public async ValueTask InitializeAsync()
    {
        _archive = await TestArchive.StartAsync();
        await _archive.AddAsync(Btf, "6.1.0-1-amd64");
        await _archive.AddAsync(Btf, "6.1.0-2-amd64");
        await _archive.AddAsync(Other, "6.1.0-3-amd64");
        await _archive.Objects.PutAsync(Digest.Of(Object), Object, TestContext.Current.CancellationToken);
    }

    [Fact]
    public async Task A_sound_archive_has_no_faults()
    {
        var report = await VerifyAsync();
        Assert.Equal((3, 0, 2, 1), (report.Kernels, report.Modules, report.Btf, report.Objects));
        Assert.Empty(report.Faults);
        Assert.Empty(report.Unused);
    }

    [Fact]
    public async Task A_changed_byte_is_a_fault_of_every_kernel_that_has_the_BTF()
    {
        Change(_archive.BtfPath(Digest.Of(Btf)), bytes => bytes[^1] ^= 1);
        var fault = Assert.Single((await VerifyAsync()).Faults);
        Assert.StartsWith("custom/local/x86_64/6.1.0-1-amd64, custom/local/x86_64/6.1.0-2-amd64: ", fault, StringComparison.Ordinal);
        Assert.Contains($"expected {Digest.Of(Btf)}", fault, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_index_is_compared_with_one_made_anew()
    {
        _archive.Cache.Open(Digest.Of(Btf))!.Dispose();
        Assert.Empty((await VerifyAsync()).Faults);
        var index = _archive.Get<ArchiveFolders>().Indexes.PathOf(new(Digest.Of(Btf), null));
        Change(index, bytes => bytes[^1] ^= 1);
        var fault = Assert.Single((await VerifyAsync()).Faults);
        Assert.StartsWith("custom/local/x86_64/6.1.0-1-amd64, custom/local/x86_64/6.1.0-2-amd64: ", fault, StringComparison.Ordinal);
        Assert.Contains(index, fault, StringComparison.Ordinal);
        File.Delete(index); // what the message says to do
        Assert.Empty((await VerifyAsync()).Faults);
    }

    [Fact]
    public async Task Verifying_ten_times_finds_nothing_ten_times_however_often_the_index_was_made_in_memory_full_of_garbage()
    {
        for (var round = 0; round < 10; round++)
        {
            for (var i = 0; i < 200; i++) new byte[4 << 10].AsSpan().Fill(0xcc);
            GC.Collect();
            var indexes = _archive.Get<ArchiveFolders>().Indexes;
            indexes.Delete(new(Digest.Of(Btf), null));
            new BtfOpener(_archive.Get<ArchiveBlobs>().Btf, indexes, NullLogger.Instance).Open(Digest.Of(Btf))!.Dispose();
            Assert.NotNull(indexes.SizeOf(new(Digest.Of(Btf), null)));
            Assert.Empty((await VerifyAsync()).Faults);
        }
    }

    [Fact]
    public async Task A_changed_byte_is_found_where_the_file_looks_untouched()
    {
        _archive.Cache.Open(Digest.Of(Btf))!.Dispose();
        var path = _archive.BtfPath(Digest.Of(Btf));
        var writtenAt = File.GetLastWriteTimeUtc(path);
        Change(path, bytes => bytes[^2] ^= 1);
        File.SetLastWriteTimeUtc(path, writtenAt);
        Assert.Contains($"expected {Digest.Of(Btf)}", Assert.Single((await VerifyAsync()).Faults), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(10)]
    public async Task A_truncated_file_is_a_fault(int length)
    {
        var path = _archive.BtfPath(Digest.Of(Other));
        var bytes = await File.ReadAllBytesAsync(path, TestContext.Current.CancellationToken);
        File.Delete(path);
        await File.WriteAllBytesAsync(path, bytes[..length], TestContext.Current.CancellationToken);
        Assert.Single((await VerifyAsync()).Faults);
    }

    [Fact]
    public async Task A_missing_file_is_a_fault()
    {
        File.Delete(_archive.BtfPath(Digest.Of(Other)));
        Assert.Contains("6.1.0-3-amd64: its file ", Assert.Single((await VerifyAsync()).Faults), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Stored_bytes_that_are_no_BTF_are_a_fault_though_their_digest_is_right()
    {
        var bytes = Other[..^3];
        var digest = Digest.Of(bytes);
        Directory.CreateDirectory(Path.GetDirectoryName(_archive.BtfPath(digest))!);
        await File.WriteAllBytesAsync(_archive.BtfPath(digest), bytes, TestContext.Current.CancellationToken);
        await _archive.SqlAsync($"UPDATE Kernels SET Btf = '{digest.Hex}', BtfSizeBytes = {bytes.Length} WHERE Release = '6.1.0-3-amd64'");
        Assert.Contains("its BTF cannot be opened: ", Assert.Single((await VerifyAsync()).Faults), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_row_that_contradicts_its_file_or_itself_is_a_fault()
    {
        await _archive.SqlAsync("UPDATE Kernels SET BtfSizeBytes = 7 WHERE Release = '6.1.0-3-amd64'");
        Assert.Contains("its row has 7 bytes", Assert.Single((await VerifyAsync()).Faults), StringComparison.Ordinal);
        await _archive.SqlAsync($"UPDATE Kernels SET BtfSizeBytes = {Other.Length}, Arch = 'arm64' WHERE Release = '6.1.0-3-amd64'");
        Assert.Contains("its row has custom local arm64", Assert.Single((await VerifyAsync()).Faults), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_row_with_an_impossible_time_is_a_fault()
    {
        await _archive.SqlAsync("UPDATE Kernels SET AddedAt = -1 WHERE Release = '6.1.0-3-amd64'");
        Assert.StartsWith(
            "custom/local/x86_64/6.1.0-3-amd64: a row of ", Assert.Single((await VerifyAsync()).Faults), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Two_rows_with_one_id_are_a_fault()
    {
        TestDatabase.SkipUnlessSqlite();
        // The index of the ids now reads the pages of another one, in which no id is found.
        await _archive.SqlAsync("""
            PRAGMA writable_schema = on;
            UPDATE sqlite_schema SET rootpage = (SELECT rootpage FROM sqlite_schema WHERE name = 'IX_Objects_LastUsedAt')
            WHERE name = 'sqlite_autoindex_Kernels_1';
            """);
        await _archive.Reset(_archive.Root);
        await _archive.SqlAsync("""
            INSERT INTO Kernels (Id, Distro, Version, Arch, Release, Btf, BtfSizeBytes, Source, AddedAt)
            SELECT Id, Distro, Version, Arch, Release, Btf, BtfSizeBytes, Source, AddedAt FROM Kernels WHERE Release = '6.1.0-3-amd64'
            """);
        Assert.Contains("custom/local/x86_64/6.1.0-3-amd64: more than one row has this id", (await VerifyAsync()).Faults);
    }

    [Fact]
    public async Task A_lost_or_changed_object_is_a_fault()
    {
        var path = _archive.Files("objects").Single();
        Change(path, bytes => bytes[0] ^= 1);
        Assert.StartsWith($"object {Digest.Of(Object).Hex}: ", Assert.Single((await VerifyAsync()).Faults), StringComparison.Ordinal);
        File.Delete(path);
        Assert.Contains(" is missing; upload the object again", Assert.Single((await VerifyAsync()).Faults), StringComparison.Ordinal);
    }

    [Fact]
    public async Task BTF_that_no_kernel_has_is_told_and_is_no_fault()
    {
        // As a kill between the blob and its row leaves it.
        await _archive.SqlAsync("DELETE FROM Kernels WHERE Release = '6.1.0-3-amd64'");
        var report = await VerifyAsync();
        Assert.Empty(report.Faults);
        Assert.Equal([new(Digest.Of(Other), Other.Length)], report.Unused);
    }

    [Fact]
    public async Task A_modules_BTF_is_checked_on_its_kernels_and_is_not_unused()
    {
        var split = TinyBtf.SplitOn(["long"], "module_int");
        var added = await _archive.Store.AddAsync(split, new(Arch: "x86_64", Release: "6.1.0-3-amd64", Module: "nf_x"), "upload",
            replace: false, TestContext.Current.CancellationToken);
        Assert.IsType<Added>(added);
        var report = await VerifyAsync();
        Assert.Equal((3, 1, 2), (report.Kernels, report.Modules, report.Btf));
        Assert.Empty(report.Faults);
        Assert.Empty(report.Unused);
        await _archive.Get<ArchivePruner>().PruneAsync(new(false, false, false), TestContext.Current.CancellationToken);
        Assert.Empty((await VerifyAsync()).Faults);

        Change(_archive.BtfPath(Digest.Of(split)), bytes => bytes[^2] ^= 1);
        Assert.StartsWith(
            "custom/local/x86_64/6.1.0-3-amd64, module nf_x: ", Assert.Single((await VerifyAsync()).Faults), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_damaged_database_is_a_fault()
    {
        TestDatabase.SkipUnlessSqlite();
        // The index of kernels by BTF now reads the pages of another one.
        await _archive.SqlAsync("""
            PRAGMA writable_schema = on;
            UPDATE sqlite_schema SET rootpage = (SELECT rootpage FROM sqlite_schema WHERE name = 'IX_Objects_LastUsedAt') WHERE name = 'IX_Kernels_Btf';
            """);
        await _archive.Restart();
        Assert.Contains((await VerifyAsync()).Faults, fault => fault.StartsWith("database: ", StringComparison.Ordinal));
    }

    private Task<VerifyReport> VerifyAsync() => _archive.Get<ArchiveVerifier>().VerifyAsync(TestContext.Current.CancellationToken);

    private static void Change(string path, Action<byte[]> change)
    {
        var bytes = File.ReadAllBytes(path);
        change(bytes);
        File.Delete(path); // it is read-only
        File.WriteAllBytes(path, bytes);
    }

    public ValueTask DisposeAsync() => _archive.DisposeAsync();
}
