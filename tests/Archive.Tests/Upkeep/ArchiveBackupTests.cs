using Relo.Archive.Objects;
using Relo.Archive.Tests.Fixtures;
using Relo.Archive.Upkeep;
using Relo.Core.Bytes;

namespace Relo.Archive.Tests.Upkeep;

public sealed class ArchiveBackupTests : IAsyncLifetime
{
    private static readonly byte[] Btf = TinyBtf.Of("int"), Other = TinyBtf.Of("long");

    private readonly string _folder = Directory.CreateTempSubdirectory("relo-backup-").FullName;
    private TestArchive _archive = null!;

    private static CancellationToken Patience => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _archive = await TestArchive.StartAsync();
        await _archive.AddAsync(Btf, "6.1.0-1-amd64");
        await _archive.AddAsync(Btf, "6.1.0-2-amd64");
        await PutAsync("an object", "tag");
    }

    [Fact]
    public async Task A_backup_in_the_place_of_the_root_is_the_archive_as_it_was()
    {
        var summary = await BackUpAsync();
        Assert.Equal((2, 1, 2, Btf.Length + 9L, 2), (summary.Kernels, summary.Objects, summary.Files, summary.Bytes, summary.Copied));
        Assert.Empty(summary.Faults);
        var audit = (await VerifyAsync()).AuditHead;
        await _archive.Restart(_folder, database: "", blobs: ""); // a backup of any engine
        Assert.Empty((await VerifyAsync()).Faults);
        Assert.Equal((4, audit), ((await VerifyAsync()).AuditEntries, (await VerifyAsync()).AuditHead));
        Assert.Equal("an object"u8.ToArray(), (await _archive.Objects.GetAsync(Digest.Of("an object"u8), Patience))!.Value.ToArray());
        Assert.Equal(["tag"], (await _archive.Objects.FindAsync(new ObjectRef.ByTag("tag"), Patience))!.Tags);
        Assert.Equal(2, _archive.Index.Count);
    }

    [Fact]
    public async Task The_next_backup_copies_what_is_new_and_drops_what_is_gone()
    {
        await BackUpAsync();
        await _archive.AddAsync(Other, "6.1.0-3-amd64");
        await _archive.Objects.DeleteAsync(new ObjectRef.ByTag("tag"), Patience);
        var summary = await BackUpAsync();
        Assert.Equal((3, 0, 2, 1), (summary.Kernels, summary.Objects, summary.Files, summary.Copied));
        Assert.Empty(Directory.EnumerateFiles(Path.Combine(_folder, "blobs", "objects"), "*", SearchOption.AllDirectories));
        Assert.Equal(["relo.db"], Directory.EnumerateFiles(_folder).Select(Path.GetFileName));
    }

    [Fact]
    public async Task What_is_damaged_is_told_and_not_copied()
    {
        File.WriteAllText(_archive.BtfPath(Digest.Of(Btf)), "damaged");
        var summary = await BackUpAsync();
        Assert.Equal($"BTF {Digest.Of(Btf)} is lost or damaged", Assert.Single(summary.Faults));
        Assert.False(File.Exists(Path.Combine(_folder, "blobs", "btf", Digest.Of(Btf).Hex[..2], Digest.Of(Btf).Hex)));
    }

    [Fact]
    public async Task The_archive_is_no_place_for_its_backup()
        => await Assert.ThrowsAsync<IOException>(() => _archive.Get<ArchiveBackup>().RunAsync(_archive.Root + "/", Patience));

    [Fact]
    public async Task Each_backup_made_while_others_write_and_delete_is_whole()
    {
        using var stop = new CancellationTokenSource();
        var writers = Enumerable.Range(0, 2).Select(writer => Task.Run(async () =>
        {
            for (var i = 0; !stop.IsCancellationRequested; i++)
            {
                await _archive.AddAsync(TinyBtf.Of($"int_{writer}_{i % 50}"), $"6.{writer}.{i % 50}-amd64", replace: true);
                await PutAsync($"object {writer} {i}", $"moving-{writer}");
                if (i > 3)
                    await _archive.Objects.DeleteAsync(
                        new ObjectRef.ByDigest(Digest.Of(System.Text.Encoding.UTF8.GetBytes($"object {writer} {i - 3}"))), Patience);
                if (i % 5 == 4) await _archive.Store.DeleteAsync($"custom/local/x86_64/6.{writer}.{(i - 2) % 50}-amd64", Patience);
            }
        }, Patience)).ToList();
        var copied = 0;
        for (var i = 0; i < 5; i++)
        {
            var summary = await BackUpAsync();
            copied += summary.Copied;
            Assert.Empty(summary.Faults);
            await using var copy = TestArchive.Prepare();
            await copy.Restart(_folder, database: "", blobs: "");
            Assert.Empty((await copy.Get<ArchiveVerifier>().VerifyAsync(Patience)).Faults);
        }

        await stop.CancelAsync();
        await Task.WhenAll(writers);
        Assert.True(copied > 10, $"{copied} files copied: nobody wrote");
    }

    public async ValueTask DisposeAsync()
    {
        await _archive.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }

    private Task<BackupSummary> BackUpAsync() => _archive.Get<ArchiveBackup>().RunAsync(_folder, Patience);

    private Task<VerifyReport> VerifyAsync() => _archive.Get<ArchiveVerifier>().VerifyAsync(Patience);

    private Task<PutObject> PutAsync(string text, string tag)
    {
        var bytes = System.Text.Encoding.UTF8.GetBytes(text);
        return _archive.Objects.PutAsync(Digest.Of(bytes), bytes, tag, Patience);
    }
}
