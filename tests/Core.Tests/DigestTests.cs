using System.Security.Cryptography;
using System.Text;
using Relo.Core.Bytes;

namespace Relo.Core.Tests;

public sealed class DigestTests
{
    // FIPS 180-2, B.1
    private const string Abc = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";

    [Fact]
    public void It_is_the_SHA_256_in_lower_case()
    {
        var digest = Digest.Of("abc"u8);
        Assert.Equal(Abc, digest.Hex);
        Assert.Equal("sha256:" + Abc, digest.ToString());
        Assert.Equal(SHA256.HashData("abc"u8), digest.ToBytes());
        Assert.Equal(digest, Digest.FromHash(SHA256.HashData("abc"u8)));
        Assert.Equal(new string('0', 64), default(Digest).Hex);
    }

    [Theory]
    [InlineData(Abc)]
    [InlineData("sha256:" + Abc)]
    [InlineData("SHA256:BA7816BF8F01CFEA414140DE5DAE2223B00361A396177A9CB410FF61F20015AD")]
    public void Text_in_either_case_with_or_without_the_prefix_is_read(string text)
    {
        Assert.Equal(Digest.Of("abc"u8), Digest.Parse(text));
        Assert.Equal(Digest.Of("abc"u8).GetHashCode(), Digest.Parse(text).GetHashCode());
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("sha256:")]
    [InlineData("sha512:" + Abc)]
    [InlineData(Abc + "0")]
    [InlineData("sha256:sha256:" + Abc)]
    [InlineData(" a7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad")]
    [InlineData("ga7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad")]
    [InlineData("ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015a\u0966")]
    public void Other_text_is_none(string? text)
    {
        Assert.False(Digest.TryParse(text, out var digest));
        Assert.Equal(default, digest);
        Assert.Throws<FormatException>(() => Digest.Parse(text!));
    }

    [Fact]
    public void Each_byte_counts()
    {
        var hash = Encoding.ASCII.GetBytes(Abc[..32]);
        var digests = new HashSet<Digest> { Digest.FromHash(hash) };
        for (var i = 0; i < hash.Length; i++)
        {
            var other = (byte[])hash.Clone();
            other[i] ^= 1;
            Assert.True(digests.Add(Digest.FromHash(other)), $"byte {i}");
            Assert.Equal(other, Digest.FromHash(other).ToBytes());
        }

        Assert.Throws<ArgumentOutOfRangeException>(() => Digest.FromHash(hash.AsSpan(1)));
    }
}
