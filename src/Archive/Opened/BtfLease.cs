using Relo.Archive.Faults;
using Relo.Archive.Kernels;
using Relo.Core.Btf;
using Relo.Core.Relocation;

namespace Relo.Archive.Opened;

/// <summary>The right to use an opened BTF, and the modules of its kernel if requested, until it is disposed. Not thread-safe.</summary>
public sealed class BtfLease : IDisposable
{
    private readonly BtfSlot _own;
    private readonly KernelTypes _kernel;
    private readonly List<BtfSlot> _modules = [];
    private readonly Dictionary<string, BtfTypes?> _inlineSites = new(StringComparer.Ordinal);
    private Action<BtfSlot>? _release;

    /// <summary>A BTF without modules.</summary>
    internal BtfLease(BtfSlot own, Action<BtfSlot> release) => (_own, _release, _kernel) = (own, release, TypesOf(own));

    /// <summary>A kernel with its modules. Each is opened when its types are first read; most relocations need none.</summary>
    /// <param name="own">The kernel's own BTF.</param>
    /// <param name="release">Releases a BTF.</param>
    /// <param name="modules">The modules, by name.</param>
    /// <param name="open">
    /// Opens one of them. Called from <see cref="ModuleTypes.Types"/>, which throws what it throws: <see cref="CorruptBlobException"/>,
    /// <see cref="MissingModuleException"/>.
    /// </param>
    /// <param name="openSites">Opens the inline sites of one of them or of the kernel; null if there are none.</param>
    /// <param name="openNames">Opens the table of their names.</param>
    internal BtfLease(
        BtfSlot own, Action<BtfSlot> release, KernelModules modules, Func<KernelModule, BtfSlot> open, Func<string, BtfSlot?> openSites,
        Func<OpenedModuleNames?> openNames)
        : this(own, release)
    {
        Names = new(openNames);
        var types = new Lazy<List<ModuleTypes>>(() => [.. modules.Select((module, i) =>
            new ModuleTypes(module.Name, () => Open(open(module)), hash => Names.Value?.Names.MayHave(i, hash) != false))]);
        _kernel = new(TypesOf(own), OnDemand(types)) { InlineSites = name => Sites(name, openSites) };
    }

    private Lazy<OpenedModuleNames?>? Names { get; }

    /// <summary>The types and those of the modules. Do not use them after <see cref="Dispose"/>: their bytes may be unmapped.</summary>
    public KernelTypes Kernel => Living(_kernel);

    /// <summary>The types. Do not use them after <see cref="Dispose"/>.</summary>
    public BtfTypes Types => Kernel.Own;

    /// <summary>The raw bytes. Do not use them after <see cref="Dispose"/>.</summary>
    public ReadOnlyMemory<byte> Bytes => Living(_own.Opened.Value!.Blob.Memory);

    /// <summary>Releases the BTF and the modules; a second call does nothing.</summary>
    public void Dispose()
    {
        if (Interlocked.Exchange(ref _release, null) is not { } release) return;
        _modules.ForEach(release);
        if (Names is { IsValueCreated: true }) Names.Value?.Dispose();
        release(_own);
    }

    private static BtfTypes TypesOf(BtfSlot slot) => slot.Opened.Value!.Types;

    private static IEnumerable<ModuleTypes> OnDemand(Lazy<List<ModuleTypes>> types)
    {
        foreach (var module in types.Value) yield return module;
    }

    private BtfTypes Open(BtfSlot module)
    {
        _modules.Add(module);
        return TypesOf(module);
    }

    private BtfTypes? Sites(string name, Func<string, BtfSlot?> open)
    {
        if (!_inlineSites.TryGetValue(name, out var types))
            _inlineSites.Add(name, types = open(name) is { } slot ? Open(slot) : null);
        return types;
    }

    private T Living<T>(T value)
    {
        ObjectDisposedException.ThrowIf(_release is null, this);
        return value;
    }
}
