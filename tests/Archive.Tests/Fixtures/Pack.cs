using System.Buffers.Binary;
using System.Diagnostics;
using System.IO.Compression;
using K4os.Compression.LZ4;
using SharpCompress.Compressors.BZip2;

namespace Relo.Archive.Tests.Fixtures;

/// <summary>Compresses bytes in every format that kernels use.</summary>
internal static class Pack
{
    public static byte[] As(string name, byte[] bytes) => name switch
    {
        "none" => bytes,
        "gzip" => Gzip(bytes),
        "zstd" => Zstd(bytes),
        "lz4" => Run("lz4", bytes, "-c", "-q"),
        "lz4 (legacy)" => Lz4Legacy(bytes),
        "bzip2" => BZip2(bytes),
        "lzma" => Lzma(bytes),
        "xz" => Xz(bytes),
        "xz for x86" => Xz(bytes, "--check=crc32", "--x86", "--lzma2=preset=0,dict=32MiB"),
        _ => throw new ArgumentException(name),
    };

    public static byte[] Gzip(byte[] bytes) => Through(bytes, to => new GZipStream(to, CompressionLevel.Optimal, leaveOpen: true));

    public static byte[] Zstd(byte[] bytes)
    {
        using var compressor = new ZstdSharp.Compressor();
        // as the command line does, and so the kernel's build
        compressor.SetParameter(ZstdSharp.Unsafe.ZSTD_cParameter.ZSTD_c_checksumFlag, 1);
        return compressor.Wrap(bytes).ToArray();
    }

    public static byte[] Lz4Legacy(byte[] bytes)
    {
        const int block = 8 << 20;
        var packed = new MemoryStream();
        packed.Write([0x02, 0x21, 0x4c, 0x18]);
        Span<byte> length = stackalloc byte[4];
        for (var at = 0; at < bytes.Length; at += block)
        {
            var part = bytes.AsSpan(at, Math.Min(block, bytes.Length - at));
            var target = new byte[LZ4Codec.MaximumOutputSize(part.Length)];
            var size = LZ4Codec.Encode(part, target);
            BinaryPrimitives.WriteInt32LittleEndian(length, size);
            packed.Write(length);
            packed.Write(target, 0, size);
        }

        return packed.ToArray();
    }

    public static byte[] BZip2(byte[] bytes) =>
        Through(bytes, to => BZip2Stream.Create(to, SharpCompress.Compressors.CompressionMode.Compress, false, leaveOpen: true));

    // As the kernel's build does it, from a pipe: the header does not know the size, an end mark does.
    public static byte[] Lzma(byte[] bytes) => Run("xz", bytes, "-c", "--format=lzma", "-0");

    public static byte[] Xz(byte[] bytes, params string[] options) => Run("xz", bytes, ["-c", .. options]);

    /// <summary>The output of a program for the bytes; the test is skipped if the program is not installed.</summary>
    public static byte[] Run(string program, byte[] input, params string[] arguments)
    {
        Assert.SkipUnless(File.Exists($"/usr/bin/{program}"), $"/usr/bin/{program} is not installed");
        using var process = Process.Start(
            new ProcessStartInfo($"/usr/bin/{program}", arguments) { RedirectStandardInput = true, RedirectStandardOutput = true })!;
        var output = new MemoryStream();
        var reading = process.StandardOutput.BaseStream.CopyToAsync(output);
        using (var to = process.StandardInput.BaseStream) to.Write(input);
        reading.GetAwaiter().GetResult();
        process.WaitForExit();
        Assert.Equal(0, process.ExitCode);
        return output.ToArray();
    }

    private static byte[] Through(byte[] bytes, Func<Stream, Stream> packer)
    {
        var packed = new MemoryStream();
        using (var stream = packer(packed)) stream.Write(bytes);
        return packed.ToArray();
    }
}
