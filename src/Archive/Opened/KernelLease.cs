using Relo.Archive.Blobs;
using Relo.Archive.Kernels;
using Relo.Core.Btf;
using Relo.Core.Relocation;

namespace Relo.Archive.Opened;

/// <summary>The right to use an opened kernel and its modules until it is disposed. For one thread.</summary>
public sealed class KernelLease : IDisposable
{
    private readonly BtfLease _kernel;
    private readonly IReadOnlyList<KernelModule> _modules;
    private readonly Func<KernelModule, BtfLease> _open;
    private readonly List<BtfLease> _opened = [];
    private List<ModuleTypes>? _types;

    internal KernelLease(BtfLease kernel, IReadOnlyList<KernelModule> modules, Func<KernelModule, BtfLease> open) => (_kernel, _modules, _open) = (kernel, modules, open);

    /// <summary>The kernel's own BTF.</summary>
    public BtfTypes Types => _kernel.Types;

    /// <summary>The raw bytes of the kernel's own BTF.</summary>
    public ReadOnlyMemory<byte> Bytes => _kernel.Bytes;

    /// <summary>Its modules, by name; all are opened when the first is asked for. Most relocations ask for none.</summary>
    /// <exception cref="CorruptBlobException">The stored bytes of one are not the ones that were stored.</exception>
    public IEnumerable<ModuleTypes> Modules
    {
        get
        {
            foreach (var module in _types ??= OpenAll()) yield return module;
        }
    }

    /// <summary>Gives all of it back.</summary>
    public void Dispose()
    {
        foreach (var lease in _opened) lease.Dispose();
        _kernel.Dispose();
    }

    private List<ModuleTypes> OpenAll()
    {
        var types = new List<ModuleTypes>(_modules.Count);
        foreach (var module in _modules)
        {
            _opened.Add(_open(module));
            types.Add(new(module.Name, _opened[^1].Types));
        }

        return types;
    }
}
