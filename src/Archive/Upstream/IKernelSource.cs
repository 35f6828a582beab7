using Relo.Archive.Naming;

namespace Relo.Archive.Upstream;

/// <summary>A place that has kernels: BTFHub's archive, a distribution's repository, another Relo.</summary>
internal interface IKernelSource
{
    /// <summary>Its name in the settings and on the command line.</summary>
    string Name { get; }

    /// <summary>How messages name it: "the upstream archive", "the source debian".</summary>
    string Title { get; }

    /// <summary>What the source would be asked for; requests with equal keys have the same result. Sends no request.</summary>
    /// <param name="wanted">What is known about the kernel.</param>
    /// <param name="why">The reason, if the source serves no such kernel.</param>
    /// <returns>Null if it serves no such kernel.</returns>
    string? KeyOf(KernelIdentifier wanted, out string why);

    /// <summary>The kernels that may be the wanted one, likeliest first.</summary>
    /// <exception cref="SourceException">The source fails.</exception>
    Task<IReadOnlyList<SourceKernel>> FindAsync(KernelIdentifier wanted, CancellationToken ct);

    /// <summary>Whether the source can list its kernels.</summary>
    bool CanList => true;

    /// <summary>All kernels of the source.</summary>
    /// <exception cref="SourceException">The source cannot be listed.</exception>
    Task<SourceList> ListAsync(CancellationToken ct);
}
