using Relo.Archive.Blobs;
using Relo.Archive.Faults;
using Relo.Archive.Kernels;
using Relo.Archive.Tests.Fixtures;
using Relo.Archive.Upkeep;
using Relo.Core.Bytes;

namespace Relo.Archive.Tests.Opened;

public sealed class ModuleNameFilesTests : IAsyncLifetime
{
    private const string Release = "6.1.0-38-amd64";
    private static readonly string[] KernelTypes = ["int", "long"];
    private static readonly string[] ModuleList = ["dummy", "nf_conntrack", "veth"];
    private static readonly byte[] Kernel = TinyBtf.Of(KernelTypes);
    private TestArchive _archive = null!;

    private IndexFolder Indexes => _archive.Get<ArchiveFolders>().Indexes;

    public async ValueTask InitializeAsync()
    {
        _archive = await TestArchive.StartAsync();
        var modules =
            ModuleList.Select(name => ($"./lib/modules/{Release}/{name}.ko", TinyElf.Module(Split(name + "_type"), name, Release)));
        await _archive.AddAsync(TinyPackage.Deb("gzip", TinyPackage.Control,
            [("./boot/vmlinuz-" + Release, TinyImage.BzImage(Pack.Gzip(TinyImage.Vmlinux(Kernel)), null)), .. modules]), Release);
    }

    public ValueTask DisposeAsync() => _archive.DisposeAsync();

    [Fact]
    public void An_import_keeps_which_names_the_modules_have() => Assert.Contains(TableName(), Indexes.All());

    [Fact]
    public void Only_the_module_that_has_a_wanted_name_is_opened()
    {
        // Opening one of the others would fail.
        foreach (var other in ModuleList.Where(name => name != "nf_conntrack"))
            File.WriteAllText(_archive.BtfPath(Digest.Of(Split(other + "_type"))), "damaged");
        Assert.Equal(["nf_conntrack"], Search("nf_conntrack_type"));
        Assert.Empty(Search("nowhere"));
        Assert.Throws<CorruptBlobException>(() => Search("veth_type"));
    }

    [Theory]
    [InlineData("missing")]
    [InlineData("empty")]
    [InlineData("damaged")]
    public void A_table_that_cannot_be_used_is_made_again(string how)
    {
        var path = Indexes.PathOf(TableName());
        var whole = File.ReadAllBytes(path);
        if (how == "missing") File.Delete(path);
        else File.WriteAllBytes(path, how == "empty" ? [] : [.. whole[..^1], (byte)~whole[^1]]);
        Assert.Equal(["veth"], Search("veth_type"));
        Assert.Equal(whole, File.ReadAllBytes(path));
    }

    [Fact]
    public async Task A_module_that_is_added_later_is_found_as_well()
    {
        await _archive.AddAsync(TinyElf.Module(Split("late_type"), "late", Release), Release);
        Assert.Equal(["late"], Search("late_type"));
        Assert.Equal(["veth"], Search("veth_type"));
    }

    [Fact]
    public void Where_a_module_is_damaged_it_is_opened_and_reported()
    {
        File.Delete(Indexes.PathOf(TableName()));
        var path = _archive.BtfPath(Digest.Of(Split("dummy_type")));
        File.WriteAllBytes(path, [.. File.ReadAllBytes(path)[..^2], 1, 0]);
        Assert.Throws<CorruptBlobException>(() => Search("veth_type"));
    }

    [Fact]
    public async Task The_table_goes_with_its_kernel()
    {
        await _archive.Store.DeleteAsync(Row().Id, TestContext.Current.CancellationToken);
        Assert.Empty(Indexes.All());
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Pruning_keeps_the_table_of_a_kernel_and_removes_that_of_modules_it_had_before(bool isDryRun)
    {
        var before = TableName();
        await _archive.AddAsync(TinyElf.Module(Split("late_type"), "late", Release), Release);
        Search("late_type"); // makes the table
        var going = Indexes.All().Contains(before) ? Indexes.SizeOf(before)!.Value : 0;
        var summary = await _archive.Get<ArchivePruner>().PruneAsync(
            new(isDryRun, Upstream: false, Objects: false), TestContext.Current.CancellationToken);
        Assert.Equal(new(0, 0, 0, going), summary);
        Assert.Contains(TableName(), Indexes.All());
        Assert.Equal(isDryRun && going > 0, Indexes.All().Contains(before));
    }

    private static byte[] Split(string type) => TinyBtf.SplitOn(KernelTypes, type);

    private Kernel Row() => Assert.Single(_archive.Index.Matching(new()));

    private IndexName TableName() => IndexName.OfModules(Row());

    /// <returns>The modules that were opened.</returns>
    private List<string> Search(string name)
    {
        using var lease = _archive.Cache.OpenWithModules(Row())!;
        var found = lease.Kernel.Modules.Where(m => m.MayHave(System.Text.Encoding.ASCII.GetBytes(name))).ToList();
        foreach (var module in found) Assert.Same(lease.Types, module.Types.Base);
        return found.ConvertAll(m => m.Name);
    }
}
