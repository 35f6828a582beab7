using System.Collections.Concurrent;
using Relo.Archive.Import;
using Relo.Archive.Tests.Fixtures;
using Relo.Core.Bytes;

namespace Relo.Archive.Tests.Import;

public sealed class KernelImporterTests : IDisposable
{
    private readonly string _tree = Directory.CreateTempSubdirectory("relo-tree-").FullName;

    public void Dispose() => Directory.Delete(_tree, recursive: true);

    [Fact]
    public async Task A_tree_is_imported_from_anywhere_below_the_path_and_the_rest_is_ignored()
    {
        Write("archive/rhel/8/x86_64/4.18.0-80.el8.x86_64.btf.tar.xz", FixtureFiles.Read("tiny.btf.tar.xz"));
        Write("archive/ubuntu/20.04/aarch64/5.4.0-91-generic.btf", TinyBtf.Of("a"));
        Write("archive/ubuntu/20.04/x86_64/5.4.0-90-generic.btf.xz", FixtureFiles.Read("tiny.btf.xz"));
        Write("archive/ubuntu/20.04/x86_64/5.4.0-92-generic.failed", []);
        Write("archive/ubuntu/20.04/x86_64/5.4.0-93-generic.hasbtf", []);
        Write(".gitignore", []);
        Write("README.md", "# hello"u8.ToArray());
        await using var archive = await TestArchive.StartAsync();
        var progress = new Progress();
        var summary = await archive.Importer.ImportAsync(_tree, progress, TestContext.Current.CancellationToken);
        Assert.Equal((3, 0), (summary.Added, summary.Present));
        Assert.Empty(summary.Rejected);
        Assert.Equal(
            ["rhel/8/x86_64/4.18.0-80.el8.x86_64", "ubuntu/20.04/arm64/5.4.0-91-generic", "ubuntu/20.04/x86_64/5.4.0-90-generic"],
            archive.Index.Matching(new()).Select(k => k.Id));
        Assert.Equal([1, 2, 3], progress.All.Select(p => p.Done).Order());
        Assert.All(progress.All, p => Assert.Equal((3, "added"), (p.Total, p.Outcome)));
    }

    [Fact]
    public async Task A_second_import_knows_what_is_here_without_reading_it()
    {
        var path = Write("rhel/8/x86_64/4.18.0-80.el8.x86_64.btf.tar.xz", FixtureFiles.Read("tiny.btf.tar.xz"));
        await using var archive = await TestArchive.StartAsync();
        await ImportAsync(archive);
        // Other bytes of the same size and time would be a conflict if they were read.
        var time = File.GetLastWriteTimeUtc(path);
        File.WriteAllBytes(path, new byte[new FileInfo(path).Length]);
        File.SetLastWriteTimeUtc(path, time);
        await archive.Restart();
        Assert.Equal((0, 1, 0), Counts(await ImportAsync(archive)));
        File.SetLastWriteTimeUtc(path, time.AddSeconds(1));
        Assert.Equal((0, 0, 1), Counts(await ImportAsync(archive)));
    }

    [Fact]
    public async Task A_file_that_was_only_touched_is_present_and_known_from_then_on()
    {
        var path = Write("rhel/8/x86_64/4.18.0-80.el8.x86_64.btf", TinyBtf.Of("a"));
        await using var archive = await TestArchive.StartAsync();
        await ImportAsync(archive);
        var touched = File.GetLastWriteTimeUtc(path).AddDays(1);
        File.SetLastWriteTimeUtc(path, touched);
        Assert.Equal((0, 1, 0), Counts(await ImportAsync(archive)));
        File.WriteAllBytes(path, new byte[TinyBtf.Of("a").Length]);
        File.SetLastWriteTimeUtc(path, touched);
        Assert.Equal((0, 1, 0), Counts(await ImportAsync(archive)));
    }

    [Fact]
    public async Task An_import_that_was_stopped_goes_on_where_it_was()
    {
        for (var i = 0; i < 20; i++) Write($"ubuntu/20.04/x86_64/5.4.{i}.btf", TinyBtf.Of($"t{i}"));
        await using var archive = await TestArchive.StartAsync();
        using var stop = new CancellationTokenSource();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => archive.Importer.ImportAsync(_tree, new Progress(p =>
        {
            if (p.Done == 5) stop.Cancel();
        }), stop.Token));
        await archive.Restart();
        var before = archive.Index.Count;
        Assert.InRange(before, 5, 19);
        Assert.Equal((20 - before, before, 0), Counts(await ImportAsync(archive)));
    }

    [Fact]
    public async Task A_lost_blob_is_imported_again()
    {
        Write("rhel/8/x86_64/4.18.0-80.el8.x86_64.btf", TinyBtf.Of("a"));
        await using var archive = await TestArchive.StartAsync();
        await ImportAsync(archive);
        File.Delete(archive.BtfPath(Digest.Of(TinyBtf.Of("a"))));
        await ImportAsync(archive);
        Assert.Contains(Digest.Of(TinyBtf.Of("a")), archive.Stored("btf"));
    }

    [Fact]
    public async Task Each_file_that_is_not_taken_has_its_reason()
    {
        Write("a/1/x86_64/empty.btf.tar.xz", []);
        Write("a/1/x86_64/truncated.btf.tar.xz", FixtureFiles.Read("tiny.btf.tar.xz")[..100]);
        Write("a/1/x86_64/wrong.btf", "hello"u8.ToArray());
        Write("a/1/x86_64/broken.btf", TinyBtf.Of("int")[..30]);
        Write("a/1/x86_64/bomb.btf.tar.xz", FixtureFiles.Read("bomb.btf.tar.xz"));
        Write("a/1/x86_64/good.btf", TinyBtf.Of("int"));
        Write("elsewhere/vmlinux.btf", TinyBtf.Of("int"));
        await using var archive = await TestArchive.StartAsync();
        var summary = await ImportAsync(archive);
        Assert.Equal((1, 0, 6), Counts(summary));
        Assert.Equal(
            ["bomb unrecognised-kernel-file", "broken invalid-btf", "empty unrecognised-kernel-file", "truncated unrecognised-kernel-file",
                "vmlinux invalid-kernel", "wrong unrecognised-kernel-file"],
            summary.Rejected.Select(r => $"{Path.GetFileName(r.Path).Split('.')[0]} {r.Code}").Order(StringComparer.Ordinal));
        Assert.All(summary.Rejected, r => Assert.NotEmpty(r.Reason));
        Assert.Single(archive.Stored("btf"));
    }

    [Fact]
    public async Task A_kernel_that_is_here_with_another_BTF_is_not_replaced()
    {
        Write("rhel/8/x86_64/4.18.0-80.el8.x86_64.btf", TinyBtf.Of("a"));
        await using var archive = await TestArchive.StartAsync();
        await archive.AddAsync(TinyBtf.Of("b"), "4.18.0-80.el8.x86_64", "x86_64", "rhel", "8");
        var rejected = Assert.Single((await ImportAsync(archive)).Rejected);
        Assert.Equal("kernel-conflict", rejected.Code);
        Assert.Contains(Digest.Of(TinyBtf.Of("b")).ToString(), rejected.Reason);
    }

    [Fact]
    public async Task One_file_of_a_tree_may_be_named_alone()
    {
        var path = Write("rhel/8/x86_64/4.18.0-80.el8.x86_64.btf.tar.xz", FixtureFiles.Read("tiny.btf.tar.xz"));
        await using var archive = await TestArchive.StartAsync();
        Assert.Equal((1, 0, 0), Counts(await archive.Importer.ImportAsync(path, null, TestContext.Current.CancellationToken)));
    }

    [Fact]
    public async Task Links_to_files_of_the_tree_are_taken_and_all_others_are_named()
    {
        var file = Write("ubuntu/20.04/x86_64/5.4.0-91-generic.btf", TinyBtf.Of("a"));
        var outside = Directory.CreateTempSubdirectory("relo-outside-").FullName;
        File.WriteAllBytes(Path.Combine(outside, "x.btf"), TinyBtf.Of("b"));
        try
        {
            var folder = Directory.CreateDirectory(Path.Combine(_tree, "ubuntu/18.04/x86_64")).FullName;
            File.CreateSymbolicLink(Path.Combine(folder, "5.4.0-91-generic.btf"), file);
            File.CreateSymbolicLink(Path.Combine(folder, "5.4.0-1-outside.btf"), Path.Combine(outside, "x.btf"));
            File.CreateSymbolicLink(Path.Combine(folder, "5.4.0-2-nowhere.btf"), Path.Combine(folder, "gone"));
            File.CreateSymbolicLink(Path.Combine(folder, "5.4.0-3-round.btf"), Path.Combine(folder, "5.4.0-3-round.btf"));
            Directory.CreateSymbolicLink(Path.Combine(_tree, "round"), _tree);
            await using var archive = await TestArchive.StartAsync();
            var summary = await ImportAsync(archive);
            Assert.Equal((2, 0, 0), Counts(summary));
            Assert.Equal(["ubuntu/18.04/x86_64/5.4.0-91-generic", "ubuntu/20.04/x86_64/5.4.0-91-generic"],
                archive.Index.Matching(new()).Select(k => k.Id));
            Assert.Equal(["5.4.0-1-outside.btf", "5.4.0-2-nowhere.btf", "5.4.0-3-round.btf", "round"],
                summary.Skipped.Select(s => Path.GetFileName(s.Path)).Order(StringComparer.Ordinal));
            await using var other = await TestArchive.StartAsync();
            Assert.Equal((2, 0, 0), Counts(await other.Importer.ImportAsync(_tree + "/", null, TestContext.Current.CancellationToken)));
        }
        finally
        {
            Directory.Delete(outside, recursive: true);
        }
    }

    [Theory]
    [InlineData("gzip", ".btf.tar.gz")]
    [InlineData("zstd", ".btf.tar.zst")]
    [InlineData("bzip2", ".btf.tar.bz2")]
    [InlineData("none", ".btf.tar")]
    public async Task BTF_in_a_tar_of_any_packing_is_taken(string packing, string ending)
    {
        Write("ubuntu/20.04/x86_64/5.4.0-91-generic" + ending,
            Pack.As(packing, TinyPackage.Tar(("5.4.0-91-generic.btf", TinyBtf.Of("a")))));
        await using var archive = await TestArchive.StartAsync();
        Assert.Equal((1, 0, 0), Counts(await ImportAsync(archive)));
    }

    [Fact]
    public async Task Everything_that_is_not_read_is_named_with_its_reason()
    {
        Write("ubuntu/20.04/x86_64/5.4.0-92-generic.failed", []);
        Write("README.md", "# hello"u8.ToArray());
        Write(".git/objects/ab/cd", [1]);
        await using var archive = await TestArchive.StartAsync();
        var summary = await ImportAsync(archive);
        Assert.Equal((0, 0, 0), Counts(summary));
        Assert.Equal(
            [".git a Git folder", "5.4.0-92-generic.failed empty", "README.md not a kernel by its name or its first bytes"],
            summary.Skipped.Select(s => $"{Path.GetFileName(s.Path)} {s.Reason}").Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task A_pipe_with_the_name_of_a_kernel_is_not_read()
    {
        var folder = Directory.CreateDirectory(Path.Combine(_tree, "ubuntu/20.04/x86_64")).FullName;
        using (var process = System.Diagnostics.Process.Start("mkfifo", Path.Combine(folder, "5.4.0-91-generic.btf")))
            await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        await using var archive = await TestArchive.StartAsync();
        Assert.Equal("the file is empty", Assert.Single((await ImportAsync(archive)).Rejected).Reason);
    }

    [Fact]
    public async Task An_unpacked_package_gives_its_kernel_and_then_its_modules()
    {
        string[] types = ["int", "long"];
        const string release = "6.1.0-38-amd64";
        Write($"root/lib/modules/{release}/kernel/a/dummy.ko", TinyElf.Module(TinyBtf.SplitOn(types, "dummy"), "dummy", release));
        Write($"root/lib/modules/{release}/kernel/b/veth.ko.gz",
            Pack.Gzip(TinyElf.Module(TinyBtf.SplitOn(types, "veth"), "veth", release)));
        Write($"root/lib/modules/6.2.0/kernel/other.ko", TinyElf.Module(TinyBtf.SplitOn(types, "other"), "other", "6.2.0"));
        Write($"root/boot/vmlinuz-{release}", TinyImage.BzImage(Pack.Gzip(TinyImage.Vmlinux(TinyBtf.Of(types))), null));
        await using var archive = await TestArchive.StartAsync();
        var summary = await ImportAsync(archive);
        Assert.Equal((1, 0, 2), (summary.Added, summary.Present, summary.Modules));
        var kernel = Assert.Single(archive.Index.Matching(new()));
        Assert.Equal("debian/12/x86_64/" + release, kernel.Id);
        Assert.Equal(["dummy", "veth"], kernel.Modules);
        var rejected = Assert.Single(summary.Rejected);
        Assert.Equal(("kernel-not-found", "6.2.0"), (rejected.Code, Path.GetFileName(rejected.Path)));
        Assert.Equal((0, 1, 2), ((await ImportAsync(archive)) is var again ? again.Added : 0, again.Present, again.Modules));
    }

    // Debian's experimental kernels have no release of Debian yet.
    [Fact]
    public async Task A_package_in_a_folder_is_named_by_itself()
    {
        var banner =
            "Linux version 7.3-rc7-amd64 (debian-kernel@lists.debian.org) (gcc-15) #1 SMP PREEMPT Debian 7.3~rc7-1~exp1 (2026-11-01)\n"
                + new string('x', 3000);
        var control =
            "Package: linux-image-7.3-rc7-amd64-unsigned\nArchitecture: amd64\nMaintainer: Debian Kernel Team "
                + "<debian-kernel@lists.debian.org>\n";
        Write("downloads/linux.deb",
            TinyPackage.Deb("gzip", control,
                ("./boot/vmlinuz-7.3-rc7-amd64", TinyImage.BzImage(Pack.Gzip(TinyElf.Vmlinux(TinyBtf.Of("a"), banner)), null))));
        await using var archive = await TestArchive.StartAsync();
        Assert.Equal((1, 0, 0), Counts(await ImportAsync(archive)));
        Assert.Equal("debian/local/x86_64/7.3-rc7-amd64", Assert.Single(archive.Index.Matching(new())).Id);
    }

    [Fact]
    public async Task A_lone_file_that_no_path_describes_is_rejected_with_a_hint()
    {
        var path = Write("vmlinux.btf", TinyBtf.Of("a"));
        await using var archive = await TestArchive.StartAsync();
        var rejected = Assert.Single((await archive.Importer.ImportAsync(path, null, TestContext.Current.CancellationToken)).Rejected);
        Assert.Contains("POST", rejected.Reason);
        Assert.Contains("<distro>/<version>/<arch>/<release>", rejected.Reason);
    }

    [Fact]
    public async Task A_path_to_nothing_is_an_error()
    {
        await using var archive = await TestArchive.StartAsync();
        await Assert.ThrowsAsync<FileNotFoundException>(
            () => archive.Importer.ImportAsync(Path.Combine(_tree, "nothing"), null, TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task Real_files_of_BTFHub_are_imported_and_open()
    {
        var tree = FixtureFiles.BtfHub();
        await using var archive = await TestArchive.StartAsync();
        var summary = await archive.Importer.ImportAsync(tree, null, TestContext.Current.CancellationToken);
        Assert.Empty(summary.Rejected);
        Assert.True(summary.Added > 0);
        foreach (var kernel in archive.Index.Matching(new()))
        {
            using var lease = archive.Cache.Open(kernel.Btf);
            Assert.True(lease!.Types.Count > 1000, kernel.Id);
        }

        var again = await archive.Importer.ImportAsync(tree, null, TestContext.Current.CancellationToken);
        Assert.Equal((0, summary.Added), (again.Added, again.Present));
    }

    private Task<ImportSummary> ImportAsync(TestArchive archive) =>
        archive.Importer.ImportAsync(_tree, null, TestContext.Current.CancellationToken);

    private static (int, int, int) Counts(ImportSummary summary) => (summary.Added, summary.Present, summary.Rejected.Count);

    private string Write(string path, byte[] bytes)
    {
        var full = Path.Combine(_tree, path);
        Directory.CreateDirectory(Path.GetDirectoryName(full)!);
        File.WriteAllBytes(full, bytes);
        return full;
    }

    /// <summary>Reports synchronously; the framework's own class posts to a pool thread.</summary>
    private sealed class Progress(Action<ImportProgress>? tell = null) : IProgress<ImportProgress>
    {
        public ConcurrentQueue<ImportProgress> All { get; } = [];

        public void Report(ImportProgress value)
        {
            All.Enqueue(value);
            tell?.Invoke(value);
        }
    }
}
