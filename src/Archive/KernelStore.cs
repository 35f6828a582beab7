namespace Relo.Archive;

/// <summary>Adds kernels to the archive and takes them out.</summary>
public sealed class KernelStore
{
    /// <summary>Adds the kernel that <paramref name="file"/> holds.</summary>
    /// <param name="file">Raw BTF, or a container of it; recognised by content.</param>
    /// <param name="given">What the caller says of it.</param>
    /// <param name="source"><c>host</c>, <c>import</c>, <c>upload</c>, <c>upstream</c>.</param>
    /// <param name="replace">Whether another BTF under the same id gives way.</param>
    /// <param name="ct">Cancels before the kernel is written.</param>
    public Task<AddOutcome> AddAsync(ReadOnlyMemory<byte> file, KernelDescription given, string source, bool replace, CancellationToken ct) => throw new NotSupportedException();

    /// <summary>Takes the kernel with this id out, and its BTF where no other kernel has it.</summary>
    /// <returns>Whether there was such a kernel.</returns>
    public Task<bool> DeleteAsync(string id, CancellationToken ct) => throw new NotSupportedException();
}
