using System.Buffers.Binary;
using System.IO.Compression;
using System.IO.Hashing;
using Relo.Archive.KernelFiles;
using Relo.Archive.KernelFiles.Unpacking;
using Relo.Archive.Tests.Fixtures;

namespace Relo.Archive.Tests.KernelFiles;

public sealed class CompressionTests
{
    private const int Bomb = 24 << 20;

    [Theory]
    [InlineData("gzip")]
    [InlineData("zstd")]
    [InlineData("lz4 (legacy)")]
    [InlineData("lzma")]
    [InlineData("bzip2")]
    [InlineData("xz")]
    [InlineData("xz for x86")]
    public void Real_code_comes_back_byte_for_byte_whatever_follows_it(string packing)
    {
        // Two megabytes of x86 code have thousands of calls, and bytes that only look like one.
        var code = Code(2 << 20);
        var packed = Pack.As(packing, code);
        Assert.True(code.AsSpan().SequenceEqual(Unpack(packed, followed: false)), "alone");
        byte[] with = [.. packed, 1, 2, 3];
        if (packing is not "xz") Assert.True(code.AsSpan().SequenceEqual(Unpack(with, followed: true)), "with bytes behind it");
    }

    // From the middle of the runtime's own library.
    private static byte[] Code(int length)
    {
        var library = typeof(object).Assembly.Location.Replace("System.Private.CoreLib.dll", "libcoreclr.so", StringComparison.Ordinal);
        using var file = File.OpenRead(library);
        file.Position = file.Length / 2 & ~15;
        var code = new byte[Math.Min(length, file.Length - file.Position)];
        file.ReadExactly(code);
        return code;
    }

    [Fact]
    public void A_block_of_x86_code_with_a_wrong_check_is_refused()
    {
        var code = new byte[100_000];
        new Random(1).NextBytes(code);
        var packed = Pack.As("xz for x86", code);
        // The check follows the padded block; index (16) and footer (12) come next.
        var at = packed.Length - 12 - 16 - 4;
        packed[at] ^= 1;
        Assert.Throws<KernelFileException>(() => Unpack(packed, followed: true));
        using var managed = Compression.OpenManagedXz(packed, followed: true);
        Assert.Contains("CRC32", Assert.Throws<InvalidDataException>(() => managed.CopyTo(Stream.Null)).Message);
    }

    [Theory]
    [InlineData("gzip")]
    [InlineData("zstd")]
    [InlineData("lzma")]
    [InlineData("bzip2")]
    [InlineData("xz")]
    public void A_bomb_stops_at_the_ratio(string packing)
    {
        // The managed packer takes seconds for this one.
        var bomb = packing == "bzip2" ? FixtureFiles.Read("bomb.bz2") : Pack.As(packing, new byte[Bomb]);
        var before = GC.GetAllocatedBytesForCurrentThread();
        Assert.Contains("decompresses to more than", Reading.Refused(bomb));
        Assert.True(GC.GetAllocatedBytesForCurrentThread() - before < Bomb / 4 * 3, "the bomb was unpacked far beyond the limit");
    }

    [Fact]
    public void A_truncated_gzip_is_refused_although_its_decoder_takes_it()
    {
        var packed = Pack.Gzip(TinyBtf.Of("int"));
        using (var lenient = new GZipStream(new MemoryStream(packed[..^9]), CompressionMode.Decompress)) lenient.CopyTo(Stream.Null);
        Assert.Contains("truncated", Reading.Refused(packed.AsMemory(0, packed.Length - 9)));
    }

    [Fact]
    public void Cancelling_stops_the_unpacking()
    {
        using var cancelled = new CancellationTokenSource();
        cancelled.Cancel();
        Assert.Throws<OperationCanceledException>(
            () => KernelFileReader.Read(Pack.Gzip(TinyBtf.Of("int")), Reading.Settings(), cancelled.Token));
    }

    [Fact]
    public void Time_running_out_is_a_refusal()
    {
        var settings = Reading.Settings() with { Time = TimeSpan.Zero };
        Assert.Contains("took longer",
            Assert.Throws<KernelFileException>(
                () => KernelFileReader.Read(Pack.Gzip(TinyBtf.Of("int")), settings, TestContext.Current.CancellationToken)).Message);
    }

    [Fact]
    public void What_is_too_large_for_memory_goes_to_a_file_that_nobody_finds()
    {
        var folder = Directory.CreateTempSubdirectory("relo-scratch-");
        try
        {
            var content = new byte[40 << 20];
            new Random(1).NextBytes(content);
            using var unpacker = new Unpacker(Reading.Settings() with { Scratch = folder.FullName }, TestContext.Current.CancellationToken);
            var before = GC.GetAllocatedBytesForCurrentThread();
            var kept = unpacker.Keep(new MemoryStream(content), "it");
            Assert.True(content.AsSpan().SequenceEqual(kept.Span));
            Assert.Empty(folder.GetFiles());
            Assert.True(GC.GetAllocatedBytesForCurrentThread() - before < 40 << 20, "it was kept in memory");
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    [Theory]
    [InlineData("xz")]
    [InlineData("xz for x86")]
    public void Xz_reads_the_same_with_the_C_library_and_without(string packing)
    {
        Assert.SkipUnless(LiblzmaStream.IsThere, "liblzma.so.5 is not installed");
        var code = File.ReadAllBytes(typeof(CompressionTests).Assembly.Location);
        var packed = Pack.As(packing, code);
        foreach (var stream in (Stream[])[new LiblzmaStream(packed, followed: false), Compression.OpenManagedXz(packed, followed: false)])
        {
            using var _ = stream;
            var unpacked = new MemoryStream();
            stream.CopyTo(unpacked);
            Assert.Equal(code, unpacked.ToArray());
        }

        for (var length = 0; length < packed.Length; length += 1 + (packed.Length / 50))
        {
            using var cut = new LiblzmaStream(packed.AsMemory(0, length), followed: false);
            Assert.ThrowsAny<Exception>(() => cut.CopyTo(Stream.Null));
        }
    }

    [Fact]
    public void A_window_of_lzma_that_has_gigabytes_is_refused() => Assert.Contains("its window has 1610612736 bytes",
        Reading.Refused((byte[])[0x5d, 0, 0, 0, 0x60, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0, 0]));

    [Theory]
    [InlineData(true, false)]
    [InlineData(false, false)]
    [InlineData(false, true)] // in the second block
    public void A_window_of_xz_that_has_gigabytes_is_refused_without_the_C_library_too(bool followed, bool isLater)
    {
        var content = new byte[100_000];
        new Random(1).NextBytes(content);
        var packed = Pack.Xz(content, "-T1", "--check=crc32", isLater ? "--block-size=65536" : "-6");
        byte[] header = [2, 0, 0x21, 1]; // size, flags, LZMA2 with one byte of properties
        var at = isLater ? packed.AsSpan().LastIndexOf(header) : packed.AsSpan().IndexOf(header);
        packed[at + 4] = 37; // 3·2^29
        BinaryPrimitives.WriteUInt32LittleEndian(packed.AsSpan(at + 8), Crc32.HashToUInt32(packed.AsSpan(at, 8)));
        var refused = Assert.Throws<InvalidDataException>(() => Compression.OpenManagedXz(packed, followed));
        Assert.Equal("its window is larger than 128 MiB", refused.Message);
    }

    private static byte[] Unpack(byte[] packed, bool followed)
    {
        using var unpacker = new Unpacker(Reading.Settings(), TestContext.Current.CancellationToken);
        return unpacker.Unpack(Compression.Of(packed)!, packed, followed).ToArray();
    }
}
