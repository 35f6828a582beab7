using Relo.Archive.Index;
using Relo.Archive.Kernels;
using Relo.Archive.Tests.Fixtures;
using Relo.Core.Btf;
using Relo.Core.Bytes;

namespace Relo.Archive.Tests.Kernels.Store;

public sealed class ModuleStoreTests
{
    private const string Release = "6.1.0-38-amd64";
    private static readonly byte[] KernelBtf = TinyBtf.Of("int", "long");
    private static readonly byte[] OtherKernelBtf = TinyBtf.Of("int");

    [Theory]
    [InlineData("none")]
    [InlineData("gzip")]
    [InlineData("zstd")]
    [InlineData("xz")]
    public async Task A_module_of_every_compression_finds_its_kernel_itself(string packing)
    {
        await using var archive = await TestArchive.StartAsync();
        await archive.AddAsync(KernelBtf, Release, distro: "debian", version: "12");
        var split = Split(KernelBtf, "nf_conn");
        var kernel = Added(await AddAsync(archive, Pack.As(packing, TinyElf.Module(split, "nf_conntrack", Release))));
        Assert.Equal("debian/12/x86_64/" + Release, kernel.Id);
        Assert.Equal(["nf_conntrack"], kernel.Modules);
        Assert.Equal(Digest.Of(split), Assert.Single(kernel.ModuleBtf).Btf);
        Assert.Same(kernel, archive.Index.Find(kernel.Id));
        Assert.Equal(split, File.ReadAllBytes(archive.BtfPath(Digest.Of(split))));
    }

    [Fact] // A process may be killed between two transactions; then the kernel would count as present, without its modules.
    public async Task A_kernel_and_the_modules_of_its_package_are_added_in_one_transaction()
    {
        TestDatabase.SkipUnlessSqlite("its trigger is written for SQLite");
        await using var archive = await TestArchive.StartAsync();
        var package = TinyPackage.Deb(
            "gzip", TinyPackage.Control, ($"./boot/vmlinuz-{Release}", TinyImage.Vmlinux(KernelBtf)),
            ($"./lib/modules/{Release}/kernel/dummy.ko", TinyElf.Module(Split(KernelBtf, "dummy"), "dummy", Release)));
        await archive.SqlAsync("CREATE TRIGGER Killed BEFORE INSERT ON Modules BEGIN SELECT RAISE(ABORT, 'killed'); END");
        await Assert.ThrowsAnyAsync<Exception>(() => archive.AddAsync(package, Release));
        Assert.Equal(0L, await archive.SqlAsync("SELECT COUNT(*) FROM Kernels"));
        await archive.SqlAsync("DROP TRIGGER Killed");
        Assert.Equal(["dummy"], Added(await archive.AddAsync(package, Release)).Modules);
    }

    [Fact]
    public async Task A_kernel_is_replaced_with_its_modules_in_one_transaction()
    {
        TestDatabase.SkipUnlessSqlite("its trigger is written for SQLite");
        await using var archive = await TestArchive.StartAsync();
        var (before, after) = (PackageOf("first"), PackageOf("second"));
        Added(await archive.AddAsync(before.File, Release));
        await archive.SqlAsync("CREATE TRIGGER Killed BEFORE INSERT ON Modules BEGIN SELECT RAISE(ABORT, 'killed'); END");
        await archive.SqlAsync("CREATE TRIGGER KilledToo BEFORE UPDATE ON Modules BEGIN SELECT RAISE(ABORT, 'killed'); END");
        await Assert.ThrowsAnyAsync<Exception>(() => archive.AddAsync(after.File, Release, replace: true));
        Assert.Equal(1L, await archive.SqlAsync($"SELECT COUNT(*) FROM Kernels WHERE Btf = '{Digest.Of(before.Btf).Hex}'"));
        Assert.Equal(1L, await archive.SqlAsync($"SELECT COUNT(*) FROM Modules WHERE Btf = '{Digest.Of(before.Module).Hex}'"));
        await archive.SqlAsync("DROP TRIGGER Killed");
        await archive.SqlAsync("DROP TRIGGER KilledToo");
        Assert.Equal(["dummy"], Added(await archive.AddAsync(after.File, Release, replace: true)).Modules);
        Assert.Equal(1L, await archive.SqlAsync("SELECT COUNT(*) FROM Modules"));
        Assert.Equal(1L, await archive.SqlAsync($"SELECT COUNT(*) FROM Modules WHERE Btf = '{Digest.Of(after.Module).Hex}'"));
        Assert.False(File.Exists(archive.BtfPath(Digest.Of(before.Module))));

        static (byte[] File, byte[] Btf, byte[] Module) PackageOf(string type)
        {
            var btf = TinyBtf.Of(["int", "long", type]);
            var module = TinyBtf.SplitOn(["int", "long", type], "in_dummy");
            return (TinyPackage.Deb(
                "gzip", TinyPackage.Control, ($"./boot/vmlinuz-{Release}", TinyImage.Vmlinux(btf)),
                ($"./lib/modules/{Release}/kernel/dummy.ko", TinyElf.Module(module, "dummy", Release))), btf, module);
        }
    }

    [Fact]
    public async Task Raw_split_BTF_needs_the_names_of_module_and_release()
    {
        await using var archive = await TestArchive.StartAsync();
        await archive.AddAsync(KernelBtf, Release);
        var split = Split(KernelBtf, "nf_conn");
        Assert.Contains(
            "'release' is missing", Refused(await AddAsync(archive, split, new(Module: "nf_conntrack")), Rejected.InvalidKernel));
        Assert.Contains(
            "split BTF", Refused(await AddAsync(archive, split, new(Release: "6.1.0-other", Arch: "x86_64")), Rejected.InvalidBtf));
        Assert.Equal(["nf_conntrack"], Added(await AddAsync(archive, split, new(Release: Release, Module: "nf-conntrack"))).Modules);
    }

    [Fact]
    public async Task Modules_are_in_the_order_of_their_names_and_outlive_a_restart()
    {
        await using var archive = await TestArchive.StartAsync();
        await archive.AddAsync(KernelBtf, Release);
        foreach (var name in (string[])["xt_LOG", "nf_conntrack", "dummy"])
            await AddAsync(archive, TinyElf.Module(Split(KernelBtf, name), name, Release));
        await archive.Restart();
        Assert.Equal(["dummy", "nf_conntrack", "xt_LOG"], Assert.Single(archive.Index.Matching(new())).Modules);
    }

    [Fact]
    public async Task A_module_whose_kernel_is_not_here_is_refused_and_leaves_nothing()
    {
        await using var archive = await TestArchive.StartAsync();
        var reason =
            Refused(await AddAsync(archive, TinyElf.Module(Split(KernelBtf, "x"), "nf_conntrack", Release)), Rejected.KernelNotFound);
        Assert.Contains($"x86_64 {Release}", reason);
        Assert.Empty(archive.Stored("btf"));
    }

    [Fact]
    public async Task A_module_of_several_kernels_that_differ_wants_to_know_which()
    {
        await using var archive = await TestArchive.StartAsync();
        await archive.AddAsync(KernelBtf, Release, distro: "ubuntu", version: "18.04");
        await archive.AddAsync(OtherKernelBtf, Release, distro: "ubuntu", version: "20.04");
        var module = TinyElf.Module(Split(KernelBtf, "x"), "nf_conntrack", Release);
        Assert.Contains("ubuntu/20.04", Refused(await AddAsync(archive, module), Rejected.KernelAmbiguous));
        Assert.Equal("18.04", Added(await AddAsync(archive, module, new(Version: "18.04"))).Version);
        Assert.Empty(archive.Index.Find($"ubuntu/20.04/x86_64/{Release}")!.Modules);
    }

    [Fact]
    public async Task One_kernel_under_two_names_gets_the_module_under_both()
    {
        await using var archive = await TestArchive.StartAsync();
        await archive.AddAsync(KernelBtf, Release);
        await archive.AddAsync(KernelBtf, Release, distro: "debian", version: "12");
        Added(await AddAsync(archive, TinyElf.Module(Split(KernelBtf, "x"), "m", Release)));
        Assert.All(archive.Index.Matching(new()), kernel => Assert.Equal(["m"], kernel.Modules));
    }

    [Fact]
    public async Task The_same_again_changes_nothing_and_other_bytes_only_when_asked_to()
    {
        await using var archive = await TestArchive.StartAsync();
        await archive.AddAsync(KernelBtf, Release);
        byte[] one = Split(KernelBtf, "one"), two = Split(KernelBtf, "two");
        await AddAsync(archive, TinyElf.Module(one, "m", Release));
        Assert.IsType<AlreadyThere>(await AddAsync(archive, TinyElf.Module(one, "m", Release)));
        Assert.Equal("m", Assert.IsType<Conflict>(await AddAsync(archive, TinyElf.Module(two, "m", Release))).Module);
        Assert.DoesNotContain(Digest.Of(two), archive.Stored("btf"));
        var kernel = Added(await AddAsync(archive, TinyElf.Module(two, "m", Release), replace: true));
        Assert.Equal(Digest.Of(two), Assert.Single(kernel.ModuleBtf).Btf);
        Assert.DoesNotContain(Digest.Of(one), archive.Stored("btf"));
    }

    [Fact]
    public async Task Modules_go_with_their_kernel()
    {
        await using var archive = await TestArchive.StartAsync();
        var kernel = Added(await archive.AddAsync(KernelBtf, Release));
        await AddAsync(archive, TinyElf.Module(Split(KernelBtf, "x"), "m", Release));
        Assert.True(await archive.Store.DeleteAsync(kernel.Id, TestContext.Current.CancellationToken));
        Assert.Empty(archive.Stored("btf"));
        Assert.Empty(Added(await archive.AddAsync(KernelBtf, Release)).Modules);
    }

    [Fact]
    public async Task A_kernel_that_is_replaced_loses_its_modules_because_they_stand_on_the_old_BTF()
    {
        await using var archive = await TestArchive.StartAsync();
        await archive.AddAsync(KernelBtf, Release);
        await AddAsync(archive, TinyElf.Module(Split(KernelBtf, "x"), "m", Release));
        Assert.Empty(Added(await archive.AddAsync(OtherKernelBtf, Release, replace: true)).Modules);
        Assert.Equal(Digest.Of(OtherKernelBtf), Assert.Single(archive.Stored("btf")));
        await archive.Restart();
        Assert.Empty(Assert.Single(archive.Index.Matching(new())).Modules);
    }

    [Fact]
    public async Task A_whole_kernels_BTF_is_no_module()
    {
        await using var archive = await TestArchive.StartAsync();
        await archive.AddAsync(KernelBtf, Release);
        Assert.Contains(
            "stands on its own", Refused(await AddAsync(archive, OtherKernelBtf, new(Release: Release, Module: "m")), Rejected.InvalidBtf));
    }

    [Fact]
    public async Task Split_BTF_of_another_base_is_refused_with_section_and_offset()
    {
        await using var archive = await TestArchive.StartAsync();
        await archive.AddAsync(OtherKernelBtf, Release);
        var refused = Assert.IsType<Rejected>(
            await AddAsync(archive, TinyElf.Module(Split(TinyBtf.Of("int", "long", "char", "short"), "x"), "m", Release)));
        Assert.Equal((Rejected.InvalidBtf, ".BTF"), (refused.Code, refused.Section));
        Assert.NotNull(refused.Offset);
    }

    [Theory]
    [InlineData("../x")]
    [InlineData("a/b")]
    [InlineData("")]
    public async Task A_name_that_no_module_has_is_refused(string name)
    {
        await using var archive = await TestArchive.StartAsync();
        await archive.AddAsync(KernelBtf, Release);
        Assert.IsType<Rejected>(await AddAsync(archive, TinyElf.Module(Split(KernelBtf, "x"), name, Release)));
    }

    [Fact]
    public async Task Another_name_than_the_modules_own_is_refused()
    {
        await using var archive = await TestArchive.StartAsync();
        await archive.AddAsync(KernelBtf, Release);
        Assert.Contains("the file is module 'm'",
            Refused(await AddAsync(archive, TinyElf.Module(Split(KernelBtf, "x"), "m", Release), new(Module: "n")),
                Rejected.InvalidKernel));
    }

    [Fact]
    public async Task A_kernel_is_opened_with_its_modules_whose_types_lead_into_its_own()
    {
        await using var archive = await TestArchive.StartAsync(("Cache:Bytes", "0"));
        await archive.AddAsync(KernelBtf, Release);
        var kernel = Added(await AddAsync(archive, TinyElf.Module(Split(KernelBtf, "nf_conn"), "nf_conntrack", Release)));
        using (var lease = archive.Cache.OpenWithModules(kernel)!)
        {
            var module = Assert.Single(lease.Kernel.Modules);
            Assert.Equal("nf_conntrack", module.Name);
            Assert.Same(lease.Types, module.Types.Base);
            var type = module.Types[(uint)lease.Types.Count];
            Assert.Equal("nf_conn", module.Types.NameText(type.NameOffset));
            Assert.Equal("long", module.Types.NameText(module.Types[module.Types.Member(type, 0).TypeId].NameOffset));
            Assert.Same(module.Types, lease.Kernel.Modules.Single().Types);
        }

        Assert.Equal(0, archive.Cache.BytesOpen);
    }

    [Fact]
    public async Task Opened_modules_are_shared_and_keep_their_kernel_open()
    {
        await using var archive = await TestArchive.StartAsync();
        await archive.AddAsync(KernelBtf, Release);
        var kernel = Added(await AddAsync(archive, TinyElf.Module(Split(KernelBtf, "x"), "m", Release)));
        BtfTypes first;
        using (var lease = archive.Cache.OpenWithModules(kernel)!) first = lease.Kernel.Modules.Single().Types;
        using (var lease = archive.Cache.OpenWithModules(kernel)!)
        {
            Assert.Same(first, lease.Kernel.Modules.Single().Types);
            // Deleted and added again while it is in use: the open lease stays valid, and the next one opens the new bytes.
            await archive.Store.DeleteAsync(kernel.Id, TestContext.Current.CancellationToken);
            await archive.AddAsync(KernelBtf, Release);
            var again = Added(await AddAsync(archive, TinyElf.Module(Split(KernelBtf, "x"), "m", Release)));
            using var other = archive.Cache.OpenWithModules(again)!;
            Assert.NotSame(first, other.Kernel.Modules.Single().Types);
            Assert.Same(other.Types, other.Kernel.Modules.Single().Types.Base);
            Assert.Equal("long", first.NameText(first[2].NameOffset));
        }
    }

    [Fact]
    public async Task A_kernel_and_its_modules_that_are_passed_over_are_closed_together()
    {
        await using var archive = await TestArchive.StartAsync();
        await archive.AddAsync(KernelBtf, Release);
        var kernel = Added(await AddAsync(archive, TinyElf.Module(Split(KernelBtf, "x"), "m", Release)));
        await archive.Restart(); // adding a module opens its kernel
        using (var lease = archive.Cache.OpenWithModules(kernel, keep: false)!) Assert.Equal("m", lease.Kernel.Modules.Single().Name);
        Assert.Equal(0, archive.Cache.BytesOpen);
    }

    [Fact]
    public async Task Another_process_sees_new_modules()
    {
        await using var service = await TestArchive.StartAsync();
        await service.AddAsync(KernelBtf, Release);
        await using var other = TestArchive.Prepare();
        await other.Restart(service.Root);
        await AddAsync(other, TinyElf.Module(Split(KernelBtf, "x"), "m", Release));
        await service.Get<ArchiveWatcher>().RefreshAsync(TestContext.Current.CancellationToken);
        Assert.Equal(["m"], Assert.Single(service.Index.Matching(new())).Modules);
    }

    private static byte[] Split(byte[] kernel, string name)
    {
        var writer = new BtfWriter(splitBase: BtfReader.Read(kernel));
        // Its member is of the kernel's last type.
        writer.Struct(name, 8, new BtfWriter.Member("first", (uint)BtfReader.Read(kernel).Count - 1, 0));
        return writer.ToBytes();
    }

    private static Task<AddOutcome> AddAsync(TestArchive archive, byte[] file, KernelDescription? given = null, bool replace = false) =>
        archive.Store.AddAsync(file, given ?? new(), "upload", replace, TestContext.Current.CancellationToken);

    private static Kernel Added(AddOutcome outcome) => Assert.IsType<Added>(outcome).Kernel;

    private static string Refused(AddOutcome outcome, string code)
    {
        var rejected = Assert.IsType<Rejected>(outcome);
        Assert.Equal(code, rejected.Code);
        return rejected.Detail;
    }
}
