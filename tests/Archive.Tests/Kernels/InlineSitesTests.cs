using Relo.Archive.Kernels;
using Relo.Archive.Tests.Fixtures;
using Relo.Archive.Upkeep;
using Relo.Core.Btf;
using Relo.Core.Bytes;

namespace Relo.Archive.Tests.Kernels;

/// <summary>BTF of inline sites, and modules with an excerpt of the BTF they were built against.</summary>
public sealed class InlineSitesTests
{
    private const string Release = "7.4.0-1-amd64";
    private static readonly byte[] KernelBtf = TinyBtf.Of("int", "long");

    /// <summary>A function that was inlined once, on the BTF of a kernel or a module.</summary>
    private static byte[] Sites(BtfTypes on, string function)
    {
        var b = new BtfWriter(splitBase: on);
        var prototype = b.FuncProto(1, ("x", 1u));
        var inlined = b.Ref(BtfKind.Func, prototype, function);
        var place = b.Add("", BtfKind.LocParam, 4, 1, false, 8, 5); // flags: a register; register 5
        var places = b.Add("", BtfKind.LocProto, 0, 1, false, place);
        b.Add("inline.text", BtfKind.LocSec, 0, 1, false, inlined, places, 0x80);
        return b.ToBytes();
    }

    private static byte[] Module(BtfTypes on, string type)
    {
        var b = new BtfWriter(splitBase: on);
        b.Struct(type, 8, new BtfWriter.Member("a", 1, 0));
        return b.ToBytes();
    }

    private static async Task<Kernel> AddedAsync(TestArchive archive, byte[] file, KernelDescription? given = null)
    {
        var outcome = await archive.Store.AddAsync(file, given ?? new(), "upload", replace: false, TestContext.Current.CancellationToken);
        return outcome is Added added ? added.Kernel : throw new Xunit.Sdk.XunitException($"{outcome}");
    }

    private static async Task<string> RefusedAsync(TestArchive archive, byte[] file, KernelDescription? given = null) =>
        Assert.IsType<Rejected>(
            await archive.Store.AddAsync(file, given ?? new(), "upload", replace: false, TestContext.Current.CancellationToken)).Detail;

    private static async Task AssertSoundAsync(TestArchive archive) =>
        Assert.Empty((await archive.Get<ArchiveVerifier>().VerifyAsync(TestContext.Current.CancellationToken)).Faults);

    [Fact]
    public async Task A_vmlinux_brings_its_inline_sites_which_are_no_module_and_outlive_a_restart()
    {
        await using var archive = await TestArchive.StartAsync();
        var sites = Sites(BtfReader.Read(KernelBtf), "tiny");
        var kernel = await AddedAsync(archive, SectionedElf.Vmlinux(Release, (".BTF", KernelBtf), (".BTF.inline", sites)));
        for (var round = 0; round < 2; round++)
        {
            Assert.Equal((Digest.Of(KernelBtf), 0, 0), (kernel.Btf, kernel.Modules.Count, kernel.ModuleBtf.Count));
            Assert.Equal(["vmlinux"], kernel.InlineSites);
            Assert.Equal(Digest.Of(sites), Assert.Single(kernel.InlineBtf).Btf);
            using (var lease = archive.Cache.OpenWithModules(kernel)!)
            {
                Assert.Empty(lease.Kernel.Modules); // nothing to search
                Assert.Equal(sites, lease.Kernel.InlineSites("vmlinux")!.Bytes.ToArray());
                Assert.Null(lease.Kernel.InlineSites("m"));
            }

            await AssertSoundAsync(archive);
            await archive.Restart();
            kernel = Assert.Single(archive.Index.Matching(new()));
        }

        Assert.Equal(sites, File.ReadAllBytes(archive.BtfPath(Digest.Of(sites))));
    }

    [Fact]
    public async Task A_module_brings_its_inline_sites_and_takes_them_along_when_it_is_replaced()
    {
        await using var archive = await TestArchive.StartAsync();
        await archive.AddAsync(KernelBtf, Release);
        byte[] one = Module(BtfReader.Read(KernelBtf), "one"), two = Module(BtfReader.Read(KernelBtf), "two");
        var sites = Sites(BtfReader.Read(one, BtfReader.Read(KernelBtf)), "tiny");
        var kernel = await AddedAsync(archive, SectionedElf.Module("m", Release, (".BTF", one), (".BTF.inline", sites)));
        Assert.Equal(["m"], kernel.Modules);
        Assert.Equal(["m"], kernel.InlineSites);
        using (var lease = archive.Cache.OpenWithModules(kernel)!)
        {
            Assert.Equal(sites, lease.Kernel.InlineSites("m")!.Bytes.ToArray());
            Assert.Null(lease.Kernel.InlineSites("vmlinux"));
        }

        await AssertSoundAsync(archive);

        var replaced = await archive.Store.AddAsync(
            SectionedElf.Module("m", Release, (".BTF", two)), new(), "upload", replace: true, TestContext.Current.CancellationToken);
        kernel = Assert.IsType<Added>(replaced).Kernel;
        Assert.Equal(Digest.Of(two), Assert.Single(kernel.ModuleBtf).Btf);
        Assert.Null(kernel.InlineSites);
        Assert.DoesNotContain(Digest.Of(sites), archive.Stored("btf"));
        await AssertSoundAsync(archive);
    }

    [Fact]
    public async Task Raw_inline_sites_are_taken_under_the_name_that_sysfs_gives_them()
    {
        await using var archive = await TestArchive.StartAsync();
        await archive.AddAsync(KernelBtf, Release);
        var module = Module(BtfReader.Read(KernelBtf), "one");
        var sites = Sites(BtfReader.Read(KernelBtf), "tiny");
        var moduleSites = Sites(BtfReader.Read(module, BtfReader.Read(KernelBtf)), "tinier");
        Assert.Contains("add that module first", await RefusedAsync(archive, moduleSites, new(Release: Release, Module: "m.inline")));
        await AddedAsync(archive, module, new(Release: Release, Module: "m"));
        await AddedAsync(archive, sites, new(Release: Release, Module: "vmlinux.inline"));
        var kernel = await AddedAsync(archive, moduleSites, new(Release: Release, Module: "m.inline"));
        Assert.Equal(["m"], kernel.Modules);
        Assert.Equal(["m", "vmlinux"], kernel.InlineSites);
        await AssertSoundAsync(archive);
    }

    [Fact]
    public async Task Inline_sites_are_taken_neither_for_a_kernel_nor_for_the_wrong_thing()
    {
        await using var archive = await TestArchive.StartAsync();
        await archive.AddAsync(KernelBtf, Release);
        var sites = Sites(BtfReader.Read(KernelBtf), "tiny");
        Assert.Contains("do not begin with the empty name", await RefusedAsync(archive, sites, new(Release: "other", Arch: "x86_64")));
        Assert.Contains("is the kernel itself", await RefusedAsync(archive, sites, new(Release: Release, Module: "vmlinux")));
        Assert.Contains("stands on its own", await RefusedAsync(archive, KernelBtf, new(Release: Release, Module: "vmlinux.inline")));
        Assert.Contains("which is a reserved name", await RefusedAsync(archive, SectionedElf.Module("x.inline", Release, (".BTF", sites))));
        Assert.Contains("which is a reserved name", await RefusedAsync(archive, SectionedElf.Module("vmlinux", Release, (".BTF", sites))));
    }

    [Fact]
    public async Task Damaged_inline_sites_are_found_by_verifying_and_harm_nothing_else()
    {
        await using var archive = await TestArchive.StartAsync();
        var sites = Sites(BtfReader.Read(KernelBtf), "tiny");
        var kernel = await AddedAsync(archive, SectionedElf.Vmlinux(Release, (".BTF", KernelBtf), (".BTF.inline", sites)));
        var path = archive.BtfPath(Digest.Of(sites));
        File.SetAttributes(path, FileAttributes.Normal);
        var bytes = File.ReadAllBytes(path);
        bytes[^2] ^= 1;
        File.WriteAllBytes(path, bytes);
        var report = await archive.Get<ArchiveVerifier>().VerifyAsync(TestContext.Current.CancellationToken);
        Assert.Contains("vmlinux.inline", Assert.Single(report.Faults), StringComparison.Ordinal);
        using var lease = archive.Cache.OpenWithModules(kernel)!;
        Assert.Empty(lease.Kernel.Modules);
        Assert.Null(lease.Kernel.InlineSites("vmlinux"));
        Assert.Equal(["vmlinux.inline"], Assert.Single(archive.Index.Matching(new())).Damaged);
    }

    // btf_relocate.c of libbpf; what it refuses is tested in Core.
    [Fact]
    public async Task A_module_from_outside_the_tree_is_fitted_to_its_kernel_with_its_inline_sites()
    {
        await using var archive = await TestArchive.StartAsync();
        await archive.AddAsync(KernelBtf, Release);
        var excerpt = new BtfWriter();
        excerpt.Int("long", 4, BtfInt.SignedEncoding); // type 2 of the kernel
        var distilled = excerpt.ToBytes();
        var own = Module(BtfReader.Read(distilled), "mine");
        var sites = Sites(BtfReader.Read(own, BtfReader.Read(distilled)), "tiny");
        var kernel = await AddedAsync(
            archive, SectionedElf.Module("outside", Release, (".BTF", own), (".BTF.base", distilled), (".BTF.inline", sites)));
        Assert.Equal(["outside"], kernel.Modules);
        Assert.Equal(["outside"], kernel.InlineSites);
        using (var lease = archive.Cache.OpenWithModules(kernel)!)
        {
            var types = Assert.Single(lease.Kernel.Modules).Types;
            var mine = types[types.FirstId];
            Assert.Equal("mine", types.NameText(mine.NameOffset));
            Assert.Equal("long", types.NameText(types[types.Member(mine, 0).TypeId].NameOffset));
        }

        await AssertSoundAsync(archive);
    }

    [Fact]
    public async Task A_module_built_for_another_kernel_is_refused_with_the_type_that_is_missing()
    {
        await using var archive = await TestArchive.StartAsync();
        await archive.AddAsync(KernelBtf, Release);
        var excerpt = new BtfWriter();
        excerpt.Struct("sk_buff", 232);
        var own = Module(BtfReader.Read(excerpt.ToBytes()), "mine");
        var reason = await RefusedAsync(archive, SectionedElf.Module("outside", Release, (".BTF", own), (".BTF.base", excerpt.ToBytes())));
        Assert.Contains("struct 'sk_buff' of 232 bytes is not in the kernel's BTF; the module was built for another kernel", reason);
        Assert.Empty(Assert.Single(archive.Index.Matching(new())).Modules);
    }
}
