namespace Relo.Archive.Import;

/// <summary>What a kernel file held.</summary>
/// <param name="Btf">Raw BTF, not checked yet.</param>
/// <param name="Container">What the file was, for messages.</param>
/// <param name="Release">The release, where the file tells it.</param>
/// <param name="Arch">The architecture, where the file tells it.</param>
internal sealed record KernelFile(ReadOnlyMemory<byte> Btf, string Container, string? Release = null, string? Arch = null);

/// <summary>The file cannot be read as a kernel file. Becomes <see cref="Rejected"/>; never leaves the archive.</summary>
internal sealed class KernelFileException(string detail, Exception? inner = null) : Exception(detail, inner)
{
    public string Code { get; init; } = Rejected.UnrecognisedKernelFile;
}

/// <summary>How much a file may become.</summary>
/// <param name="BtfBytes">Largest BTF, and largest output of any unpacking.</param>
/// <param name="Ratio">Largest output in relation to input.</param>
internal readonly record struct UnpackLimits(long BtfBytes, int Ratio)
{
    // A tar of a tiny BTF is mostly zeros and packs to next to nothing.
    private const long AlwaysAllowed = 1 << 20;

    /// <summary>The limit for the output of <paramref name="inputBytes"/> bytes.</summary>
    public long For(long inputBytes) => Math.Min(BtfBytes, Math.Max(AlwaysAllowed, inputBytes > BtfBytes / Ratio ? BtfBytes : inputBytes * Ratio));
}
