using System.Text;
using Relo.Core.Btf;
using Relo.Core.Bytes;

namespace Relo.Core.Checks;

/// <summary>
/// Decodes the names of a kernel's features, up to a limit: names may overlap, so that a few megabytes of BTF name gigabytes.
/// </summary>
internal sealed class FeatureNames(BtfTypes kernel)
{
    // Kernels have a few thousand features with names of about 25 bytes: less than a fifth of it.
    private const int MaxBytes = 4 << 20;

    // A feature and its evidence take memory besides the name.
    private const int BytesPerName = 64;

    private int _left = MaxBytes;

    /// <summary>The name at an offset, without its first bytes.</summary>
    /// <param name="offset">The offset among the strings.</param>
    /// <param name="skip">The number of bytes to leave out.</param>
    /// <exception cref="MalformedObjectException">The names have more bytes than the limit.</exception>
    public string Text(uint offset, int skip = 0)
    {
        var name = kernel.Name(offset)[skip..];
        if ((_left -= name.Length + BytesPerName) < 0)
            throw new MalformedObjectException(MalformedObjectException.InvalidBtf, ".BTF", 0,
                $"the names of helpers, tracepoints and other features have more than {MaxBytes} bytes, counting {BytesPerName} for each; "
                + "those of kernels have less than a fifth");
        return Encoding.UTF8.GetString(name);
    }
}
