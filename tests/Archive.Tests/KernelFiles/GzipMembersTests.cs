using Relo.Archive.KernelFiles;
using Relo.Archive.KernelFiles.Unpacking;
using Relo.Archive.Tests.Fixtures;

namespace Relo.Archive.Tests.KernelFiles;

/// <summary>gzip(1) is the reference: it unpacks all members, ignores data after the last, and refuses damaged data.</summary>
public sealed class GzipMembersTests
{
    private static readonly byte[] Content = [.. Enumerable.Range(0, 20_000).Select(i => (byte)((i * i) >> 7))];

    public static TheoryData<string, byte[]> Behind() => new()
    {
        { "nothing", [] },
        { "a device tree, as in Image.gz-dtb", [0xd0, 0x0d, 0xfe, 0xed, 1, 2, 3] },
        { "padding to a page", new byte[4096] },
        { "another magic cut short", [0x1f, 0x8b] },
    };

    [Theory]
    [MemberData(nameof(Behind))]
    public void What_follows_the_last_member_is_ignored(string what, byte[] behind)
    {
        Assert.NotNull(what);
        Assert.Equal(Content, Unpack([.. Pack.Gzip(Content), .. behind]));
        Assert.Equal(Content, Unpack([.. Pack.Gzip(Content[..5000]), .. Pack.Gzip(Content[5000..]), .. behind]));
    }

    // RFC 1952, 2.3: extra field, name, comment and a checksum of the header.
    [Fact]
    public void A_header_may_have_every_field()
    {
        var packed = Pack.Gzip(Content);
        byte[] header = [0x1f, 0x8b, 8, 2 | 4 | 8 | 16, 0, 0, 0, 0, 0, 3, 2, 0, 9, 9, .. "Image\0"u8, .. "a comment\0"u8, 1, 2];
        Assert.Equal(Content, Unpack([.. header, .. packed[10..]]));
    }

    [Fact]
    public void Only_the_first_member_is_the_payload_of_an_image()
    {
        using var unpacker = new Unpacker(Reading.Settings(), TestContext.Current.CancellationToken);
        byte[] two = [.. Pack.Gzip(Content), .. Pack.Gzip(Content)];
        Assert.Equal(Content, unpacker.Unpack(Compression.Of(two)!, two, followed: true).ToArray());
    }

    [Fact]
    public void Every_truncation_and_every_flipped_bit_of_the_trailer_is_refused()
    {
        var packed = Pack.Gzip(Content);
        for (var length = 3; length < packed.Length; length += length < 40 || length > packed.Length - 40 ? 1 : 97)
            Refused(packed[..length]);
        for (var at = packed.Length - 8; at < packed.Length; at++)
        {
            var damaged = (byte[])packed.Clone();
            damaged[at] ^= 1;
            Refused(damaged);
        }
    }

    [Fact]
    public void The_second_of_two_members_may_be_what_is_damaged()
    {
        byte[] two = [.. Pack.Gzip(Content), .. Pack.Gzip(Content)];
        two[^1] ^= 1;
        Refused(two);
    }

    [Fact]
    public void Empty_members_without_end_are_refused()
    {
        byte[] empty = [0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 3, 3, 0, .. new byte[8]];
        Assert.Equal(Content, Unpack([.. empty, .. Pack.Gzip(Content), .. empty]));
        Assert.Contains("empty members", Refused(Enumerable.Repeat(empty, 1000).SelectMany(m => m).ToArray()));
    }

    [Fact]
    public void Zstd_and_old_lz4_ignore_what_follows_too()
    {
        Assert.Equal(Content, Unpack([.. Pack.Zstd(Content), .. Pack.Zstd([]), .. new byte[100]]));
        Assert.Equal(Content, Unpack([.. Pack.Lz4Legacy(Content), .. new byte[100]]));
    }

    [Theory]
    [InlineData("-B4")]
    [InlineData("-B4", "-BD")]
    [InlineData("-B7", "-BX", "--content-size")]
    [InlineData("-9", "--no-frame-crc")]
    public void An_lz4_frame_of_every_kind_comes_back_and_none_that_is_cut(params string[] options)
    {
        var content = Enumerable.Repeat(Content, 20).SelectMany(c => c).ToArray();
        var packed = Pack.Run("lz4", content, ["-c", "-q", .. options]);
        Assert.Equal(content, Unpack(packed));
        for (var length = 7; length < packed.Length; length += 1 + (packed.Length / 50)) Refused(packed[..length]);
    }

    [Fact]
    public void A_flipped_bit_of_an_lz4_frame_is_found_by_its_checks()
    {
        var packed = Pack.Run("lz4", Content, "-c", "-q");
        for (var at = 4; at < packed.Length; at += 1 + (packed.Length / 100))
        {
            var damaged = (byte[])packed.Clone();
            damaged[at] ^= 4;
            Refused(damaged);
        }
    }

    private static byte[] Unpack(byte[] packed)
    {
        using var unpacker = new Unpacker(Reading.Settings(), TestContext.Current.CancellationToken);
        return unpacker.Unpack(Compression.Of(packed)!, packed).ToArray();
    }

    private static string Refused(byte[] packed) => Assert.Throws<KernelFileException>(() => Unpack(packed)).Message;
}
