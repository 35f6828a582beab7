using Relo.Api.Tests.Fixtures;
using Relo.Core.Bytes;

namespace Relo.SystemTests.Commands;

/// <summary>verify, prune and export, as processes of their own.</summary>
public sealed class UpkeepCommandTests : IDisposable
{
    private readonly string _root = Directory.CreateTempSubdirectory("relo-upkeep-").FullName;

    [Fact]
    public async Task What_export_writes_import_takes_and_verify_finds_sound()
    {
        await FillAsync(_root);
        var tree = Path.Combine(_root, "exported");
        var (status, output) = await RunProgram.RunAsync(_root, "export", tree);
        Assert.Equal(0, status);
        Assert.Contains("2 written, 0 present, 0 failed", output, StringComparison.Ordinal);
        Assert.True(File.Exists(Path.Combine(tree, "debian/12/x86_64/6.1.0-1-amd64.btf.tar.xz")));
        Assert.Contains(
            "0 written, 2 present, 0 failed", (await RunProgram.RunAsync(_root, "export", tree)).Output, StringComparison.Ordinal);

        var other = Directory.CreateDirectory(Path.Combine(_root, "other")).FullName;
        Assert.Contains(
            "2 added, 0 present, 0 rejected", (await RunProgram.RunAsync(other, "import", tree)).Output, StringComparison.Ordinal);
        (status, output) = await RunProgram.RunAsync(other, "verify");
        Assert.Equal(0, status);
        Assert.Contains("2 kernels, 0 modules, 2 BTF, 0 objects: nothing wrong", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Verify_names_what_is_wrong_and_fails()
    {
        await FillAsync(_root);
        var hex = Digest.Of(Samples.OldBtf).Hex;
        File.Delete(Path.Combine(_root, "blobs", "btf", hex[..2], hex));
        var (status, output) = await RunProgram.RunAsync(_root, "verify");
        Assert.Equal(1, status);
        Assert.Contains("fault debian/12/x86_64/6.1.0-1-amd64: its file ", output, StringComparison.Ordinal);
        Assert.Contains("2 kernels, 0 modules, 2 BTF, 0 objects: 1 faults", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Prune_removes_what_verify_calls_unused()
    {
        await FillAsync(_root);
        var path = Path.Combine(_root, "blobs", "btf", Digest.Of("left over"u8).Hex[..2], Digest.Of("left over"u8).Hex);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        await File.WriteAllBytesAsync(path, "left over"u8.ToArray());
        var (status, output) = await RunProgram.RunAsync(_root, "verify");
        Assert.Equal(0, status);
        Assert.Contains("1 BTF of 9 bytes unused", output, StringComparison.Ordinal);

        Assert.Contains("0 kernels, 1 BTF, 0 objects would be removed, 9 bytes",
            (await RunProgram.RunAsync(_root, "prune", "--dry-run")).Output, StringComparison.Ordinal);
        Assert.True(File.Exists(path));
        Assert.Contains(
            "0 kernels, 1 BTF, 0 objects removed, 9 bytes", (await RunProgram.RunAsync(_root, "prune")).Output, StringComparison.Ordinal);
        Assert.False(File.Exists(path));
    }

    [Fact]
    public async Task What_backup_copies_verify_finds_sound()
    {
        await FillAsync(_root);
        var copy = Path.Combine(_root, "backup");
        var (status, output) = await RunProgram.RunAsync(_root, "backup", copy);
        Assert.Equal(0, status);
        Assert.Contains("2 kernels, 0 objects, 2 files", output, StringComparison.Ordinal);
        (status, output) = await RunProgram.RunAsync(copy, "verify");
        Assert.Equal(0, status);
        Assert.Contains("2 kernels, 0 modules, 2 BTF, 0 objects: nothing wrong", output, StringComparison.Ordinal);
        Assert.Equal(1, (await RunProgram.RunAsync(_root, "backup", "/proc/nowhere")).Status);
    }

    [Fact]
    public async Task Looking_at_an_archive_adds_no_kernel_to_it()
    {
        var host = Path.Combine(_root, "vmlinux");
        await File.WriteAllBytesAsync(host, Samples.NewBtf);
        foreach (var command in new[] { "list", "verify", "prune" })
            Assert.Equal(0,
                (await RunProgram.RunAsync(_root, command, "--Archive:RegisterHostKernel=true", $"--Archive:HostBtfPath={host}")).Status);
        Assert.Contains("0 kernels", (await RunProgram.RunAsync(_root, "verify")).Output, StringComparison.Ordinal);
    }

    private static async Task FillAsync(string root)
    {
        var tree = Path.Combine(root, "tree");
        foreach (var (release, btf) in new[] { ("6.1.0-1-amd64", Samples.OldBtf), ("6.1.0-2-amd64", Samples.NewBtf) })
        {
            var path = Path.Combine(tree, "debian/12/x86_64", release + ".btf");
            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            await File.WriteAllBytesAsync(path, btf);
        }

        Assert.Equal(0, (await RunProgram.RunAsync(root, "import", tree)).Status);
    }

    public void Dispose() => Directory.Delete(_root, recursive: true);
}
