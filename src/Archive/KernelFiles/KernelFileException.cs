using Relo.Archive.Kernels;

namespace Relo.Archive.KernelFiles;

/// <summary>The file cannot be read as a kernel file. The archive turns it into <see cref="Rejected"/>.</summary>
internal sealed class KernelFileException(string detail, Exception? inner = null) : Exception(detail, inner)
{
    /// <summary>Whether the same file may be read at another time: a busy machine took too long.</summary>
    public bool IsPassing { get; init; }

    public string Code { get; init; } = Rejected.UnrecognisedKernelFile;
}
