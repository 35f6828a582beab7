using Relo.Core.Btf;

namespace Relo.Core.Relocation;

/// <summary>The types of a kernel module, opened when they are first needed. Not thread-safe.</summary>
public sealed class ModuleTypes
{
    private readonly Func<BtfTypes> _open;
    private readonly Func<uint, bool> _mayHave;
    private BtfTypes? _types;

    /// <summary>A module whose types are already open.</summary>
    /// <param name="name">Name of the module: <c>nf_conntrack</c>.</param>
    /// <param name="types">Its split BTF, opened on the BTF of the target kernel.</param>
    public ModuleTypes(string name, BtfTypes types)
        : this(name, () => types, _ => true) => _types = types;

    /// <summary>A module whose types are opened if they may have a wanted name.</summary>
    /// <param name="name">Name of the module.</param>
    /// <param name="open">Opens its split BTF.</param>
    /// <param name="mayHave">Whether it may have a name with this hash (<see cref="ModuleNames.MayHave"/>).</param>
    public ModuleTypes(string name, Func<BtfTypes> open, Func<uint, bool> mayHave) => (Name, _open, _mayHave) = (name, open, mayHave);

    /// <summary>Name of the module.</summary>
    public string Name { get; }

    /// <summary>Its types; opens them.</summary>
    public BtfTypes Types => _types ??= _open();

    /// <summary>Whether these are the module's types; opens nothing.</summary>
    internal bool Is(BtfTypes types) => _types == types;

    /// <summary>Whether a search for this essential name must include the module; opens nothing.</summary>
    public bool MayHave(ReadOnlySpan<byte> name) => _mayHave(NameIndex.Hash(name));
}
