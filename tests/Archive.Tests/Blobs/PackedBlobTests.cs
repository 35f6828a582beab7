using System.Security.Cryptography;
using Relo.Archive.Blobs;
using Relo.Archive.Tests.Differences;
using Relo.Core.Bytes;

namespace Relo.Archive.Tests.Blobs;

public class PackedBlobTests
{
    private static readonly byte[] Btf = LikeBtf.Of("a");
    private static readonly byte[] Stored = PackedBlob.Pack(Digest.Of(Btf), Btf, known: null);

    [Fact]
    public void It_is_named_by_the_BTF_in_it()
    {
        Assert.Equal(Digest.Of(Btf), PackedBlob.NameOf(Stored));
        var read = PackedBlob.Read(Stored, Btf.Length)!;
        Assert.Equal((StoredForm.Base, Digest.Of(Btf), null, Btf.Length), (read.Form, read.Btf, read.Base, read.SizeBytes));
    }

    [Fact]
    public void Each_changed_or_missing_byte_is_noticed()
    {
        for (var at = 0; at < Stored.Length; at += 13)
        {
            var changed = Stored.ToArray();
            changed[at] ^= 1;
            Assert.NotEqual(Digest.Of(Btf), PackedBlob.NameOf(changed));
            Assert.Null(PackedBlob.Read(changed, int.MaxValue));
            Assert.Null(PackedBlob.Read(Stored.AsMemory(0, at), int.MaxValue));
        }
    }

    [Theory]
    [InlineData(8, 9)] // a form of a newer version
    [InlineData(15, 0x7f)] // nearly 2 GiB of BTF
    [InlineData(19, 0x7f)] // or of stable form
    public void Lengths_and_forms_that_cannot_be_are_refused_before_anything_is_allocated(int at, byte value)
    {
        var hostile = Stored.ToArray();
        hostile[at] = value;
        SHA256.HashData(hostile.AsSpan(..^32), hostile.AsSpan(hostile.Length - 32));
        Assert.Equal(Digest.Of(Btf), PackedBlob.NameOf(hostile));
        Assert.Null(PackedBlob.Read(hostile, 256 << 20));
    }

    [Fact]
    public void BTF_over_the_limit_is_refused() => Assert.Null(PackedBlob.Read(Stored, Btf.Length - 1));
}
