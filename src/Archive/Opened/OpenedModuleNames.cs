using Relo.Archive.Blobs;
using Relo.Core.Btf;

namespace Relo.Archive.Opened;

/// <summary>The names in a kernel's modules, open until disposed.</summary>
/// <param name="Names">The table.</param>
/// <param name="File">Its file; null if it is in memory.</param>
internal sealed record OpenedModuleNames(ModuleNames Names, MappedBlob? File) : IDisposable
{
    public void Dispose() => ((IDisposable?)File)?.Dispose();
}
