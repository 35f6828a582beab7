using System.Security.Cryptography;
using Relo.Api.Http.Bodies;

namespace Relo.Api.Tests.Http.Bodies;

public sealed class ContentDigestTests
{
    [Fact]
    public void Algorithm_given_many_times_is_checked_once_with_its_last_value()
    {
        var last = new byte[SHA512.HashSizeInBytes];
        last[0] = 1;
        var members = Enumerable.Repeat(Member("sha-512", new byte[SHA512.HashSizeInBytes]), 150).Append(Member("sha-512", last));
        var digest = Assert.Single(ContentDigest.Parse(string.Join(", ", members)));
        Assert.Equal(HashAlgorithmName.SHA512, digest.Key);
        Assert.Equal(last, digest.Value);
    }

    [Theory]
    [InlineData("sha-512", 0)]
    [InlineData("sha-512", 32)]
    [InlineData("sha-256", 31)]
    [InlineData("sha-256", 64)]
    public void Digest_of_the_wrong_length_is_refused(string algorithm, int bytes)
    {
        var refused = Assert.Throws<FormatException>(() => ContentDigest.Parse(Member(algorithm, new byte[bytes])));
        Assert.Contains($"has {bytes} bytes", refused.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("sha-256 ")]
    [InlineData("\"sha-256\"")]
    [InlineData("sha-256;q")]
    public void Malformed_algorithm_is_refused_and_not_taken_for_an_unknown_one(string algorithm)
        => Assert.Throws<FormatException>(() => ContentDigest.Parse(Member(algorithm, new byte[SHA256.HashSizeInBytes])));

    [Fact]
    public void Unknown_algorithm_is_ignored() => Assert.Empty(ContentDigest.Parse(Member("crc32c", new byte[4])));

    private static string Member(string algorithm, byte[] hash) => $"{algorithm}=:{Convert.ToBase64String(hash)}:";
}
