namespace Relo.Archive.Upstream;

/// <summary>The configured sources, in the order in which they are asked.</summary>
internal sealed class KernelSources(IReadOnlyList<IKernelSource> all, IReadOnlyList<IDisposable> owned) : IDisposable
{
    /// <summary>The message if there are none.</summary>
    public const string None = "no upstream archive is configured (Archive:Upstream:BaseUrl is empty)";

    /// <summary>All sources.</summary>
    public IReadOnlyList<IKernelSource> All => all;

    public void Dispose()
    {
        foreach (var one in owned) one.Dispose();
    }
}
