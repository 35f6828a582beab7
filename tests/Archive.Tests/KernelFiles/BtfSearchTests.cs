using Relo.Archive.KernelFiles;
using Relo.Archive.KernelFiles.Images;
using Relo.Core.Btf;

namespace Relo.Archive.Tests.KernelFiles;

/// <summary>BTF among other bytes is found by its header; many headers cost time, not memory.</summary>
public sealed class BtfSearchTests
{
    private static readonly byte[] Header = [0x9f, 0xeb, 1, 0, 24, 0, 0, 0, .. new byte[16]];

    [Fact]
    public void Longest_sound_BTF_is_found_among_many_headers()
    {
        var writer = new BtfWriter();
        writer.Int("int", 4);
        var btf = writer.ToBytes();
        byte[] image = [.. Headers(100), .. btf, .. Headers(100)];
        Assert.Equal(btf, BtfSearch.Find(image, new UnpackLimits(1 << 20, 1), TestContext.Current.CancellationToken)!.Value.ToArray());
    }

    [Fact]
    public void Headers_without_number_take_no_memory()
    {
        byte[] image = [.. Headers(100_000)];
        var before = GC.GetAllocatedBytesForCurrentThread();
        Assert.Null(BtfSearch.Find(image, new UnpackLimits(1 << 20, 1), TestContext.Current.CancellationToken));
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 256 << 10);
    }

    private static IEnumerable<byte> Headers(int count) => Enumerable.Repeat(Header, count).SelectMany(header => header);
}
