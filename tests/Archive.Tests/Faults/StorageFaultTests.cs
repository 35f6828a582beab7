using Relo.Archive.Faults;

namespace Relo.Archive.Tests.Faults;

public sealed class StorageFaultTests
{
    /// <summary>Error numbers of failing disks (errno(3)).</summary>
    [Theory]
    [InlineData(5, "reports errors")] // EIO
    [InlineData(12, "reports errors")] // ENOMEM, of a folder whose file system cannot be read
    [InlineData(117, "reports errors")] // EUCLEAN
    [InlineData(24, "too many files")] // EMFILE
    [InlineData(28, "full")] // ENOSPC
    [InlineData(30, "read-only")] // EROFS
    public void Error_of_the_system_is_told_in_words(int errno, string words) =>
        Assert.Contains(words, StorageFault.Of(new IOException("x", errno))!.Reason, StringComparison.Ordinal);

    [Theory]
    [InlineData(32)] // EPIPE
    [InlineData(104)] // ECONNRESET
    public void Error_of_a_connection_is_none_of_storage(int errno) => Assert.Null(StorageFault.Of(new IOException("x", errno)));
}
