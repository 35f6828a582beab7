using System.Runtime.InteropServices;

namespace Relo.Core.Btf;

/// <summary>
/// Finds functions and variables by name, which <see cref="NameIndex"/> leaves out. Built on first use, in one pass over the types, because
/// only objects that attach to functions or use symbols of the kernel need it.
/// </summary>
internal sealed class SymbolIndex
{
    private readonly BtfTypes _types;
    private readonly NameIndex _index;

    private SymbolIndex(BtfTypes types, NameIndex index) => (_types, _index) = (types, index);

    /// <summary>Whether there is any function; BTF made from debug information may have none.</summary>
    public bool HasFunctions { get; private init; }

    /// <summary>Whether there is any variable.</summary>
    public bool HasVariables { get; private init; }

    /// <summary>Indexes the own functions and variables of <paramref name="types"/>.</summary>
    public static SymbolIndex Of(BtfTypes types)
    {
        var named = new List<NameEntry>();
        var (functions, variables) = (false, false);
        for (var id = types.FirstId; id < (uint)types.Count; id++)
        {
            var type = types[id];
            if (type.Kind is not (BtfKind.Func or BtfKind.Var)) continue;
            functions |= type.Kind == BtfKind.Func;
            variables |= type.Kind == BtfKind.Var;
            named.Add(new(NameIndex.Hash(types.Name(type.NameOffset)), id));
        }

        var (starts, entries) = (new byte[(NameIndex.BucketsFor(named.Count) + 1) * sizeof(int)], new byte[named.Count * NameEntry.Size]);
        NameIndex.Sort(
            CollectionsMarshal.AsSpan(named), MemoryMarshal.Cast<byte, int>(starts.AsSpan()),
            MemoryMarshal.Cast<byte, NameEntry>(entries.AsSpan()));
        return new(types, new(starts, entries)) { HasFunctions = functions, HasVariables = variables };
    }

    /// <summary>Adds the ids of all functions and variables of this name.</summary>
    public void AddIds(ReadOnlySpan<byte> name, HashSet<uint> ids)
    {
        var hash = NameIndex.Hash(name);
        foreach (var entry in _index.Bucket(hash))
            if (entry.Hash == hash && _types.NameEquals(_types[entry.Id].NameOffset, name)) ids.Add(entry.Id);
    }

    /// <summary>The first function or variable of this name; null if there is none.</summary>
    public BtfType? Find(ReadOnlySpan<byte> name)
    {
        var hash = NameIndex.Hash(name);
        foreach (var entry in _index.Bucket(hash))
            if (entry.Hash == hash && _types[entry.Id] is var type && _types.NameEquals(type.NameOffset, name)) return type;
        return null;
    }
}
