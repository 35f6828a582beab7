using Relo.Archive.Kernels;

namespace Relo.Archive.KernelFiles;

/// <summary>The file cannot be read as a kernel file. The archive turns it into <see cref="Rejected"/>.</summary>
internal sealed class KernelFileException(string detail, Exception? inner = null) : Exception(detail, inner)
{
    public string Code { get; init; } = Rejected.UnrecognisedKernelFile;
}
