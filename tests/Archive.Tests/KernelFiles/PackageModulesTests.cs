using System.Formats.Tar;
using System.Text;
using Relo.Archive.Kernels;
using Relo.Archive.Tests.Fixtures;
using Relo.Core.Bytes;

namespace Relo.Archive.Tests.KernelFiles;

/// <summary>A package's modules are added with its kernel.</summary>
public sealed class PackageModulesTests
{
    private const string Release = "6.1.0-38-amd64";
    private const string Folder = "./lib/modules/" + Release;
    private static readonly string[] KernelTypes = ["int", "long"];
    private static readonly byte[] KernelBtf = TinyBtf.Of(KernelTypes);
    private static readonly byte[] Kernel = TinyImage.BzImage(Pack.Gzip(TinyImage.Vmlinux(KernelBtf)), null);

    public static TheoryData<string> Packages() => ["deb", "rpm", "tar-pkg", "pkg.tar.zst", "apk"];

    [Theory]
    [MemberData(nameof(Packages))]
    public void The_modules_of_every_kind_of_package_come_with_its_kernel(string kind)
    {
        // Modules before the kernel and after it: in rpm they are beside it.
        (string, byte[])[] files =
        [
            ($"{Folder}/kernel/a/dummy.ko.xz", Pack.Xz(Module("dummy"))), ($"{Folder}/modules.dep", [1]), ($"{Folder}/vmlinuz", Kernel),
            ($"{Folder}/kernel/z/xt-LOG.ko", Module("xt_LOG")),
            ($"{Folder}/kernel/z/veth.ko.zst", Pack.Zstd(Module("veth"))), ($"{Folder}/kernel/z/nlmon.ko.gz", Pack.Gzip(Module("nlmon"))),
        ];
        var read = Reading.Read(kind switch
        {
            "deb" => TinyPackage.Deb("gzip", TinyPackage.Control, files),
            "rpm" => TinyPackage.Rpm("zstd", new Dictionary<int, string> { [1000] = "kernel-core" }, files),
            "tar-pkg" => TinyPackage.Tar(files),
            "pkg.tar.zst" =>
                Pack.Zstd(TinyPackage.Tar(TarEntryFormat.Pax, [(".PKGINFO", "pkgname = linux\narch = x86_64\n"u8.ToArray()), .. files])),
            _ => [.. Pack.Gzip(TinyPackage.Tar((".SIGN.RSA.x", [1]))), .. Pack.Gzip(TinyPackage.Tar(files))],
        });
        Assert.Equal(KernelBtf, read.Btf.ToArray());
        Assert.Equal(["dummy", "xt_LOG", "veth", "nlmon"], read.Modules.Select(m => m.Module));
        Assert.Equal(Split("dummy"), read.Modules[0].Btf.ToArray());
        Assert.Empty(read.ModuleFaults);
    }

    [Fact]
    public async Task They_are_stored_once_for_each_digest_and_outlive_a_restart()
    {
        await using var archive = await TestArchive.StartAsync();
        // Twenty of them with the same BTF: more than are stored one by one.
        var same = Enumerable.Range(0, 20).Select(i => ($"{Folder}/kernel/m{i}.ko", Module($"m{i}", "same"))).ToArray();
        var added =
            Assert.IsType<Added>(
                await archive.AddAsync(TinyPackage.Deb("gzip", TinyPackage.Control,
                    [("./boot/vmlinuz-" + Release, Kernel), .. same, ($"{Folder}/kernel/veth.ko", Module("veth"))])));
        Assert.Equal(21, added.Kernel.Modules.Count);
        Assert.Equal(3, archive.Stored("btf").Count);
        Assert.Equal(Split("same"), File.ReadAllBytes(archive.BtfPath(Digest.Of(Split("same")))));
        await archive.Restart();
        Assert.Equal(21, Assert.Single(archive.Index.Matching(new())).Modules.Count);
    }

    [Fact]
    public async Task A_second_import_of_a_package_is_already_there()
    {
        await using var archive = await TestArchive.StartAsync();
        var package = TinyPackage.Deb(
            "gzip", TinyPackage.Control, ("./boot/vmlinuz-" + Release, Kernel), ($"{Folder}/kernel/veth.ko", Module("veth")));
        Assert.IsType<Added>(await archive.AddAsync(package));
        Assert.IsType<AlreadyThere>(await archive.AddAsync(package));
    }

    [Fact]
    public async Task A_kernel_that_is_here_gets_the_modules_of_its_package()
    {
        await using var archive = await TestArchive.StartAsync();
        await archive.AddAsync(KernelBtf, Release, distro: "debian", version: "12");
        var package = TinyPackage.Deb(
            "gzip", TinyPackage.Control, ("./boot/vmlinuz-" + Release, Kernel), ($"{Folder}/kernel/veth.ko", Module("veth")));
        Assert.Equal(
            ["veth"], Assert.IsType<Added>(await archive.AddAsync(package, Release, distro: "debian", version: "12")).Kernel.Modules);
    }

    // Ubuntu's linux-modules-*, Fedora's kernel-modules-core: the kernel is in another package.
    [Fact]
    public async Task A_package_of_modules_alone_needs_its_kernel_first()
    {
        await using var archive = await TestArchive.StartAsync();
        var package = TinyPackage.Deb("gzip", "Package: linux-modules-x\nArchitecture: amd64\n",
            ($"{Folder}/kernel/veth.ko", Module("veth")), ($"{Folder}/kernel/dummy.ko", Module("dummy")));
        var refused =
            Assert.IsType<Rejected>(await archive.Store.AddAsync(package, new(), "upload", false, TestContext.Current.CancellationToken));
        Assert.Equal(Rejected.KernelNotFound, refused.Code);
        Assert.Contains(Release, refused.Detail);
        await archive.AddAsync(KernelBtf, Release);
        Assert.Equal(["dummy", "veth"],
            Assert.IsType<Added>(
                await archive.Store.AddAsync(package, new(), "upload", false, TestContext.Current.CancellationToken)).Kernel.Modules);
    }

    [Fact]
    public async Task Modules_that_do_not_fit_are_left_out_and_named()
    {
        await using var archive = await TestArchive.StartAsync();
        var added = Assert.IsType<Added>(await archive.AddAsync(TinyPackage.Deb(
            "gzip", TinyPackage.Control, ("./boot/vmlinuz-" + Release, Kernel), ($"{Folder}/kernel/good.ko", Module("good")),
            ($"{Folder}/kernel/other.ko", TinyElf.Module(Split("other"), "other", "6.2.0")),
            ($"{Folder}/kernel/broken.ko", TinyElf.Module(Split("x")[..30], "broken", Release)),
            ($"{Folder}/kernel/none.ko", TinyElf.Vmlinux([1, 2, 3], "name=none\0", type: 1, section: ".BTX", textSection: ".modinfo")))));
        Assert.Equal(["good"], added.Kernel.Modules);
        Assert.Contains(
            added.Notes, n => n.Contains("none.ko", StringComparison.Ordinal) && n.Contains("no .BTF section", StringComparison.Ordinal));
        Assert.Contains(added.Notes, n => n.Contains("1 modules are of another release", StringComparison.Ordinal));
        Assert.Contains(added.Notes, n => n.Contains("does not fit", StringComparison.Ordinal));
    }

    [Fact]
    public void The_modules_of_a_debug_package_are_not_read()
    {
        var read =
            Reading.Read(TinyPackage.Deb("gzip", TinyPackage.Control,
                ("./usr/lib/debug/boot/vmlinux-" + Release, TinyImage.Vmlinux(KernelBtf)),
                ($"./usr/lib/debug/lib/modules/{Release}/kernel/x.ko", Module("x")), ($"{Folder}/kernel/y.ko", Module("y"))));
        Assert.Empty(read.Modules);
    }

    [Fact]
    public void A_package_that_is_cut_is_refused_although_its_kernel_is_whole()
    {
        var random = new byte[20_000];
        new Random(1).NextBytes(random);
        var whole = TinyPackage.Rpm(
            "none", new Dictionary<int, string> { [1000] = "kernel" }, ($"{Folder}/vmlinuz", Kernel), ($"{Folder}/kernel/x.ko", random));
        Assert.Contains("truncated", Reading.Refused(whole.AsMemory(0, whole.Length - 1000)));
    }

    [Fact]
    public void A_module_that_is_a_bomb_is_left_out()
    {
        var read =
            Reading.Read(TinyPackage.Deb("none", TinyPackage.Control, ("./boot/vmlinuz-" + Release, Kernel),
                ($"{Folder}/kernel/bomb.ko.gz", Pack.Gzip(new byte[64 << 20])), ($"{Folder}/kernel/veth.ko", Module("veth"))));
        Assert.Equal(["veth"], read.Modules.Select(m => m.Module));
        Assert.Contains("decompresses to more than", Assert.Single(read.ModuleFaults));
    }

    [Fact]
    public void A_module_is_an_ELF_file_of_type_1_and_nothing_is_read_inside_others()
    {
        var read =
            Reading.Read(TinyPackage.Deb("none", TinyPackage.Control, ("./boot/vmlinuz-" + Release, Kernel),
                ($"{Folder}/kernel/nested.ko", TinyPackage.Tar(($"{Folder}/kernel/inner.ko", Module("inner")))),
                ($"{Folder}/kernel/program.ko.gz", Pack.Gzip(TinyImage.Vmlinux(KernelBtf))),
                ($"{Folder}/kernel/twice.ko.gz", Pack.Gzip(Pack.Gzip(Module("twice")))),
                ($"{Folder}/kernel/veth.ko", Module("veth"))));
        Assert.Equal(["veth"], read.Modules.Select(m => m.Module));
        Assert.Equal(3, read.ModuleFaults.Count);
        Assert.Contains("nested.ko: it begins with", read.ModuleFaults[0]);
        Assert.Contains("program.ko.gz: the ELF has type 2", read.ModuleFaults[1]);
        Assert.Contains("twice.ko.gz: it begins with 1f8b08", read.ModuleFaults[2]);
    }

    [Fact]
    public void A_module_that_claims_gigabytes_costs_nothing()
    {
        var tar = TinyPackage.Tar(($"{Folder}/kernel/a.ko", [1]));
        "17777777707"u8.CopyTo(tar.AsSpan(124)); // Array.MaxLength
        var sum = 8 * 32;
        for (var i = 0; i < 512; i++) sum += i is >= 148 and < 156 ? 0 : tar[i];
        Encoding.ASCII.GetBytes(Convert.ToString(sum, 8).PadLeft(6, '0') + "\0 ", tar.AsSpan(148));
        var control = TinyPackage.Tar(("control", Encoding.UTF8.GetBytes(TinyPackage.Control)));
        var deb = TinyPackage.Ar(("debian-binary", []), ("control.tar", control), ("data.tar", tar));
        var before = GC.GetAllocatedBytesForCurrentThread();
        Assert.Contains("truncated", Reading.Refused(deb));
        Assert.True(GC.GetAllocatedBytesForCurrentThread() - before < 4 << 20);
    }

    [Fact]
    public void Modules_with_too_much_BTF_together_are_refused_as_a_whole()
    {
        var modules = Enumerable.Range(0, 3).Select(i => ($"{Folder}/kernel/m{i}.ko", Module($"m{i}")));
        var package = TinyPackage.Deb("none", TinyPackage.Control, [("./boot/vmlinuz-" + Release, Kernel), .. modules]);
        Assert.Equal(3, Reading.Read(package).Modules.Count);
        Assert.Contains("the modules have more than 100 bytes of BTF together", Reading.Refused(package, new(100, 200)));
    }

    private static byte[] Module(string name, string? type = null) => TinyElf.Module(Split(type ?? name), name, Release);

    private static byte[] Split(string name) => TinyBtf.SplitOn(KernelTypes, name);
}
