namespace Relo.Archive.Import;

/// <summary>Takes in a whole tree of kernels as BTFHub lays it out, or one file of it, on all cores. May be stopped and started again.</summary>
public sealed class KernelImporter
{
    /// <summary>Imports every <c>&lt;distro&gt;/&lt;version&gt;/&lt;arch&gt;/&lt;release&gt;.btf[.tar.xz]</c> found at or below <paramref name="path"/>.</summary>
    /// <param name="path">A folder or one file.</param>
    /// <param name="progress">Told of each file, from any thread.</param>
    /// <param name="ct">Stops the import; what was added stays.</param>
    /// <exception cref="FileNotFoundException">There is nothing at <paramref name="path"/>.</exception>
    public Task<ImportSummary> ImportAsync(string path, IProgress<ImportProgress>? progress, CancellationToken ct) => throw new NotSupportedException();
}
