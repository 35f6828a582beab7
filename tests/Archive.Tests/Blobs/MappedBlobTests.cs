using Relo.Archive.Blobs;
using Relo.Core.Bytes;

namespace Relo.Archive.Tests.Blobs;

public sealed class MappedBlobTests
{
    // It has a size, but cannot be mapped.
    private const string Unmappable = "/sys/kernel/mm/transparent_hugepage/enabled";

    [Fact]
    public void A_file_that_cannot_be_mapped_is_not_kept_locked()
    {
        Assert.SkipUnless(File.Exists(Unmappable), $"there is no {Unmappable}");
        Assert.ThrowsAny<IOException>(() => MappedBlob.Map(Unmappable, Digest.Of("any"u8)));
        using var free = new FileStream(Unmappable, FileMode.Open, FileAccess.Read, FileShare.None);
    }
}
