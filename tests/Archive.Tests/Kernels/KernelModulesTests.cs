using Relo.Archive.Kernels;
using Relo.Core.Bytes;

namespace Relo.Archive.Tests.Kernels;

public sealed class KernelModulesTests
{
    [Fact]
    public void Modules_are_the_same_where_names_and_BTF_are()
    {
        Assert.Equal(Made(("ext4", 1), ("xfs", 2)), Made(("ext4", 1), ("xfs", 2)));
        Assert.Equal(Made(("ext4", 1), ("xfs", 2)).GetHashCode(), Made(("ext4", 1), ("xfs", 2)).GetHashCode());
        Assert.Equal([], Made());
        Assert.NotEqual(Made(("ext4", 1), ("xfs", 2)), Made(("ext4", 1), ("xfs", 3)));
        Assert.NotEqual(Made(("ext4", 1), ("xfs", 2)), Made(("ext4", 1), ("btrfs", 2)));
        Assert.NotEqual(Made(("ext4", 1), ("xfs", 2)), Made(("ext4", 1)));
    }

    [Fact]
    public void Kernels_that_differ_in_one_module_have_different_hashes()
    {
        // Thousands of kernels of one BTF are keys of one dictionary, which would be a list otherwise.
        var hashes = Enumerable.Range(0, 1000)
            .Select(other => Made([("ext4", 1), .. Enumerable.Range(0, 20).Select(i => ($"m{i}", i == 7 ? 100 + other : i)), ("xfs", 2)])
                .GetHashCode());
        Assert.True(hashes.Distinct().Count() > 990);
    }

    private static KernelModules Made(params (string Name, int Btf)[] modules)
        => [.. modules.Select(m => new KernelModule(m.Name, Digest.Of(BitConverter.GetBytes(m.Btf)), 0))];
}
