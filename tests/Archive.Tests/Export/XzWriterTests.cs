using System.Diagnostics;
using Relo.Archive.Export;
using Relo.Archive.Tests.Fixtures;
using SharpCompress.Compressors.Xz;

namespace Relo.Archive.Tests.Export;

/// <summary>Other programs can read the written .xz: the managed library, and xz itself if installed.</summary>
public sealed class XzWriterTests
{
    private const int ChunkBytes = 128 << 10;

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(4)]
    [InlineData(ChunkBytes)]
    [InlineData(ChunkBytes + 1)]
    [InlineData((3 * ChunkBytes) + 77)]
    public async Task Bytes_come_back_whatever_their_number(int count)
    {
        var random = new Random(count);
        byte[] noise = new byte[count], text = new byte[count];
        random.NextBytes(noise); // packs to nothing less: stored chunks
        for (var i = 0; i < count; i++) text[i] = (byte)('a' + random.Next(3));
        await ReadByOthersAsync(noise);
        await ReadByOthersAsync(text);
        await ReadByOthersAsync([.. text, .. noise, .. text]);
    }

    [Fact]
    public async Task A_real_kernels_BTF_comes_back_and_is_packed_to_a_third_or_better()
    {
        var btf = FixtureFiles.RunningKernel();
        var packed = await ReadByOthersAsync(btf);
        Assert.True(packed < btf.Length / 3, $"{btf.Length} bytes became {packed}");
    }

    [Fact]
    public void A_tarball_is_the_same_each_time() =>
        Assert.Equal(
            BtfTarball.Write("6.1.0-1-amd64", TinyBtf.Of("int"), TestContext.Current.CancellationToken),
            BtfTarball.Write("6.1.0-1-amd64", TinyBtf.Of("int"), TestContext.Current.CancellationToken));

    private static async Task<int> ReadByOthersAsync(byte[] bytes)
    {
        var file = XzWriter.Write(bytes);
        using var output = new MemoryStream();
        using (var xz = new XZStream(new MemoryStream(file))) xz.CopyTo(output);
        Assert.True(output.ToArray().AsSpan().SequenceEqual(bytes), "the managed library reads other bytes");
        if (File.Exists("/usr/bin/xz")) Assert.True((await ByXzAsync(file)).AsSpan().SequenceEqual(bytes), "xz reads other bytes");
        return file.Length;
    }

    private static async Task<byte[]> ByXzAsync(byte[] file)
    {
        var path = Path.GetTempFileName();
        try
        {
            await File.WriteAllBytesAsync(path, file);
            using var xz = Process.Start(
                new ProcessStartInfo("/usr/bin/xz", ["--decompress", "--stdout", "--format=xz", path]) { RedirectStandardOutput = true })!;
            using var output = new MemoryStream();
            await xz.StandardOutput.BaseStream.CopyToAsync(output);
            await xz.WaitForExitAsync();
            Assert.Equal(0, xz.ExitCode);
            return output.ToArray();
        }
        finally
        {
            File.Delete(path);
        }
    }
}
