using System.Collections.Concurrent;
using Relo.Conformance.Corpus;
using Relo.Conformance.MinimalBtf;
using Relo.Core.Btf;

namespace Relo.Conformance.Layouts;

/// <summary>vmlinux.h of each kernel, compiled by clang, and beside bpftool's.</summary>
public sealed class VmlinuxHeaderTests(ITestOutputHelper output)
{
    private static readonly string[] _compilers = ["clang-16", "clang-19"];

    [Fact]
    public async Task Header_of_every_kernel_compiles_and_has_the_offsets_and_sizes_of_the_kernel()
    {
        Assert.SkipWhen(Kernel.All.Count == 0, "there is no corpus here");
        var compilers = _compilers.Where(Clang.IsInstalled).ToList();
        Assert.SkipWhen(compilers.Count == 0, "no clang is installed");
        var claims = new ConcurrentBag<int>();
        await Parallel.ForEachAsync(Kernel.All, async (kernel, stop) =>
        {
            var types = BtfReader.Read(await File.ReadAllBytesAsync(kernel.Path, stop));
            using var header = new CompiledHeader(types);
            var source = LayoutClaims.Of(types);
            claims.Add(source.Count);
            foreach (var compiler in compilers)
                Assert.Equal("", await header.CompileAsync(compiler, string.Join('\n', source) + LayoutClaims.Program, stop));
        });
        output.WriteLine($"{Kernel.All.Count} kernels, {string.Join(", ", compilers)}: {claims.Sum()} offsets and sizes");
        Assert.True(claims.Min() > 10_000);
    }

    [Theory]
    [InlineData("debian/12/x86_64/6.1.0-56-amd64")]
    [InlineData("debian/14/s390x/7.2.12+deb14-s390x")]
    public async Task Compiled_header_has_the_types_of_the_kernel_and_of_the_header_of_bpftool(string id)
    {
        var kernel = Kernel.All.FirstOrDefault(kernel => kernel.Id == id);
        Assert.SkipWhen(kernel is null, "the kernel is not in the corpus");
        Assert.SkipUnless(Clang.IsInstalled(_compilers[0]) && Bpftool.Path is not null, "clang or bpftool is not installed");
        var types = BtfReader.Read(await File.ReadAllBytesAsync(kernel.Path, TestContext.Current.CancellationToken));
        using var ours = new CompiledHeader(types);
        using var theirs = new CompiledHeader(await Bpftool.HeaderAsync(kernel.Path));
        var uses = TypeUses.Of(types);
        var compiled = await Task.WhenAll(
            ours.TypesAsync(_compilers[0], uses, TestContext.Current.CancellationToken),
            theirs.TypesAsync(_compilers[0], uses, TestContext.Current.CancellationToken));

        var (expected, found, bpftool) = (NamedLayouts.Of(types), NamedLayouts.Of(compiled[0]), NamedLayouts.Of(compiled[1]));
        var (structs, same) = (0, 0);
        foreach (var (name, layout) in expected)
        {
            Assert.True(found.TryGetValue(name, out var ourLayout), $"{name} is missing");
            Assert.True(layout == ourLayout, $"{name}: kernel\n{layout}\ncompiled\n{ourLayout}");
            structs++;
            if (bpftool.TryGetValue(name, out var theirLayout) && theirLayout == layout) same++;
        }

        Assert.Equal([], bpftool.Keys.Except(found.Keys));
        output.WriteLine($"{structs} types; with the header of bpftool, {same} of them have the kernel's layout");
        Assert.True(structs > 5_000 && same > structs * 9 / 10);
    }
}
