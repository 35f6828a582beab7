using Relo.Archive.Blobs;
using Relo.Archive.Kernels;
using Relo.Core.Btf;
using Relo.Core.Relocation;

namespace Relo.Archive.Opened;

/// <summary>The right to use an opened kernel and its modules until it is disposed. Not thread-safe.</summary>
public sealed class KernelLease : IDisposable
{
    private readonly BtfLease _kernel;
    private readonly KernelModules _modules;
    private readonly Func<KernelModule, BtfLease> _open;
    private readonly Lazy<OpenedModuleNames?> _names;
    private readonly List<BtfLease> _opened = [];
    private List<ModuleTypes>? _types;

    internal KernelLease(BtfLease kernel, KernelModules modules, Func<KernelModule, BtfLease> open, Func<OpenedModuleNames?> openNames) =>
        (_kernel, _modules, _open, _names) = (kernel, modules, open, new(openNames));

    /// <summary>The kernel's own BTF.</summary>
    public BtfTypes Types => _kernel.Types;

    /// <summary>The raw bytes of the kernel's own BTF.</summary>
    public ReadOnlyMemory<byte> Bytes => _kernel.Bytes;

    /// <summary>Its modules, by name. Each is opened when its types are first read; most relocations need none.</summary>
    /// <exception cref="CorruptBlobException">
    /// Thrown later, from <see cref="ModuleTypes.Types"/>: the file does not hold the stored bytes.
    /// </exception>
    public IReadOnlyList<ModuleTypes> Modules => _types ??= List();

    /// <summary>Releases the kernel and its modules.</summary>
    public void Dispose()
    {
        foreach (var lease in _opened) lease.Dispose();
        if (_names.IsValueCreated) _names.Value?.Dispose();
        _kernel.Dispose();
    }

    private List<ModuleTypes> List() =>
        [
            .. _modules.Select((module, i) =>
                new ModuleTypes(module.Name, () => Open(module), hash => _names.Value?.Names.MayHave(i, hash) != false))
        ];

    private BtfTypes Open(KernelModule module)
    {
        _opened.Add(_open(module));
        return _opened[^1].Types;
    }
}
