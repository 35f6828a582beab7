using Relo.Archive.Kernels;
using Relo.Archive.Tests.Fixtures;
using Relo.Core.Btf;

namespace Relo.SystemTests.Packages;

/// <summary>The modules in Debian's own packages.</summary>
public sealed class RealModulesTests
{
    [Theory]
    [InlineData("linux-image-6.1.0-*-cloud-amd64_*.deb")] // .ko
    [InlineData("linux-image-6.12.*+deb12-cloud-amd64_*.deb")] // .ko.xz
    public async Task A_real_package_brings_its_modules_so_that_one_of_them_is_there_already(string pattern)
    {
        var deb = await File.ReadAllBytesAsync(FixtureFiles.Package(pattern), TestContext.Current.CancellationToken);
        var module = PackageFile.Read(deb, path => path.Contains("/nf_conntrack.ko", StringComparison.Ordinal));
        await using var archive = await TestArchive.StartAsync();
        var kernel = Assert.IsType<Added>(
            await archive.Store.AddAsync(deb, new(), "upload", replace: false, TestContext.Current.CancellationToken)).Kernel;
        Assert.Matches("^debian/12/x86_64/6", kernel.Id);
        Assert.InRange(kernel.Modules.Count, 1000, 10_000);
        Assert.IsType<AlreadyThere>(
            await archive.Store.AddAsync(module, new(), "upload", replace: false, TestContext.Current.CancellationToken));
        using var lease = archive.Cache.OpenWithModules(kernel)!;
        var types = lease.Kernel.Modules.Single(m => m.Name == "nf_conntrack").Types;
        // A struct that nf_conntrack defines in its own sources, and whose first members are the kernel's types.
        var found = Enumerable.Range((int)types.FirstId, types.Count - (int)types.FirstId)
            .Select(id => types[(uint)id]).Where(t => t.Kind == BtfKind.Struct && types.NameText(t.NameOffset) == "ct_iter_state").ToList();
        Assert.Equal("p", types.NameText(types.Member(Assert.Single(found), 0).NameOffset));
    }
}
