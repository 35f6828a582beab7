using Relo.Archive.Export;
using Relo.Archive.Kernels;
using Relo.Archive.Tests.Fixtures;
using Relo.Core.Bytes;

namespace Relo.Archive.Tests.Export;

public sealed class KernelExporterTests : IAsyncLifetime
{
    private readonly string _folder = Directory.CreateTempSubdirectory("relo-export-").FullName;
    private TestArchive _archive = null!;

    public async ValueTask InitializeAsync() => _archive = await TestArchive.StartAsync();

    [Fact]
    public async Task What_is_exported_can_be_imported_and_is_the_same()
    {
        await AddAsync("debian/12/x86_64/6.1.0-1-amd64", "a");
        await AddAsync("debian/12/x86_64/6.1.0-2-amd64", "a"); // shares its BTF
        await AddAsync("Kylin/V10/aarch64/4.19.90-24.4.v2101.ky10.aarch64", "b");
        await AddAsync($"custom/local/s390x/{new string('6', 120)}", "c"); // longer than an old tar's names
        Assert.Equal(4, (await ExportAsync()).Written);
        Assert.True(File.Exists(Path.Combine(_folder, "debian/12/x86_64/6.1.0-1-amd64.btf.tar.xz")));

        await using var other = await TestArchive.StartAsync();
        var imported = await other.Importer.ImportAsync(_folder, null, TestContext.Current.CancellationToken);
        Assert.Empty(imported.Rejected);
        Assert.Equal(_archive.Index.Matching(new()).Select(k => (k.Id, k.Btf)), other.Index.Matching(new()).Select(k => (k.Id, k.Btf)));
    }

    [Fact]
    public async Task A_second_export_writes_only_what_is_new_or_was_replaced()
    {
        await AddAsync("debian/12/x86_64/6.1.0-1-amd64", "a");
        await ExportAsync();
        await AddAsync("debian/12/x86_64/6.1.0-2-amd64", "b");
        Assert.Equal((1, 1), await CountAsync());
        _archive.Clock.Advance(TimeSpan.FromMinutes(1));
        await _archive.AddAsync(TinyBtf.Of("c"), "6.1.0-1-amd64", "x86_64", "debian", "12", replace: true);
        Assert.Equal((1, 1), await CountAsync());
        await using var other = await TestArchive.StartAsync();
        await other.Importer.ImportAsync(_folder, null, TestContext.Current.CancellationToken);
        Assert.Equal(Digest.Of(TinyBtf.Of("c")), other.Index.Find("debian/12/x86_64/6.1.0-1-amd64")?.Btf);
    }

    [Fact]
    public async Task A_damaged_or_missing_BTF_is_told_and_does_not_spread()
    {
        await AddAsync("debian/12/x86_64/6.1.0-1-amd64", "a");
        await AddAsync("debian/12/x86_64/6.1.0-2-amd64", "b");
        await AddAsync("debian/12/x86_64/6.1.0-3-amd64", "c");
        Damage(_archive.BtfPath(Digest.Of(TinyBtf.Of("a"))));
        File.Delete(_archive.BtfPath(Digest.Of(TinyBtf.Of("b"))));
        var summary = await ExportAsync();
        Assert.Equal(["debian/12/x86_64/6.1.0-1-amd64", "debian/12/x86_64/6.1.0-2-amd64"], summary.Failed.Select(f => f.Kernel));
        Assert.Contains("expected sha256:", summary.Failed[0].Reason, StringComparison.Ordinal);
        Assert.Contains("is missing", summary.Failed[1].Reason, StringComparison.Ordinal);
        Assert.Equal(
            "6.1.0-3-amd64.btf.tar.xz", Path.GetFileName(Assert.Single(Directory.GetFiles(_folder, "*", SearchOption.AllDirectories))));
    }

    [Fact]
    public async Task A_half_written_file_of_a_killed_export_is_no_kernel_and_gives_way()
    {
        await AddAsync("debian/12/x86_64/6.1.0-1-amd64", "a");
        var half = Path.Combine(_folder, "debian/12/x86_64/6.1.0-1-amd64.btf.tar.xz.half");
        Directory.CreateDirectory(Path.GetDirectoryName(half)!);
        await File.WriteAllTextAsync(half, "half", TestContext.Current.CancellationToken);
        Assert.Equal(1, (await ExportAsync()).Written);
        Assert.False(File.Exists(half));
    }

    private static void Damage(string path)
    {
        var bytes = File.ReadAllBytes(path);
        bytes[^1] ^= 1;
        File.Delete(path); // it is read-only
        File.WriteAllBytes(path, bytes);
    }

    private Task<AddOutcome> AddAsync(string id, string type)
    {
        var parts = id.Split('/');
        return _archive.AddAsync(TinyBtf.Of(type), parts[3], parts[2], parts[0], parts[1]);
    }

    private Task<ExportSummary> ExportAsync() =>
        _archive.Get<KernelExporter>().ExportAsync(_folder, null, TestContext.Current.CancellationToken);

    private async Task<(int Written, int Present)> CountAsync() => await ExportAsync() is var summary
        ? (summary.Written, summary.Present)
        : default;

    public async ValueTask DisposeAsync()
    {
        await _archive.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }
}
