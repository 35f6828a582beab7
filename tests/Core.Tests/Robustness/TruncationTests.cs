using Relo.Core.Btf;
using Relo.Core.Bytes;
using Relo.Core.Tests.Fixtures;

namespace Relo.Core.Tests.Robustness;

public sealed class TruncationTests
{
    [Fact]
    public void Unharmed_samples_relocate()
    {
        Assert.Equal(nameof(Relocated), Attempt.Run(Samples.Object, Samples.FlagsStatus));
        Assert.Equal(nameof(Relocated), Attempt.Run(Samples.Object, Samples.SyscallWork));
        Assert.Equal(nameof(Relocated), Attempt.Run(Samples.BigEndianObject, Samples.SyscallWork));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Every_truncation_of_an_object_is_refused(bool bigEndian)
    {
        // The section headers are at the end, so no shorter file is complete.
        var whole = bigEndian ? Samples.BigEndianObject : Samples.Object;
        for (var length = 0; length < whole.Length; length++)
            Assert.Contains(Attempt.Run(whole.AsMemory(0, length), Samples.SyscallWork),
                new[] { MalformedObjectException.NotABpfObject, MalformedObjectException.MalformedObject });
    }

    [Fact]
    public void Every_truncation_of_a_kernel_btf_is_refused()
    {
        foreach (var whole in (byte[][])[Samples.FlagsStatus, Samples.SyscallWork])
            for (var length = 0; length < whole.Length; length++)
                Assert.Equal(MalformedObjectException.InvalidBtf,
                    Assert.Throws<MalformedObjectException>(() => BtfReader.Read(whole.AsMemory(0, length))).Code);
    }

    [Fact]
    public void Bytes_behind_the_end_do_not_matter()
    {
        Assert.Equal(nameof(Relocated), Attempt.Run((byte[])[.. Samples.Object, .. new byte[100]], Samples.SyscallWork));
        Assert.Equal(nameof(Relocated), Attempt.Run(Samples.Object, (byte[])[.. Samples.SyscallWork, .. new byte[100]]));
    }
}
