using Relo.Core.Btf;

namespace Relo.Core.Fingerprints;

/// <summary>
/// The fingerprints of every name of one BTF, its own types only: of each kind and essential name the types in id order, because all of
/// them are candidates and their order and number decide; of each function and variable name the first, which is the one that is found.
/// </summary>
internal sealed class BtfFingerprints
{
    private readonly Dictionary<ulong, NamedFingerprint> _all;
    private readonly HashSet<ulong> _inexact = [];
    private readonly LayoutBytes _bytes = new();

    public BtfFingerprints(BtfTypes types, BtfFingerprints? ofBase = null)
    {
        Hasher = new(types, ofBase?.Hasher);
        _all = new((types.Count - (int)types.FirstId) * 2 / 3);
        for (var id = types.FirstId; id < (uint)types.Count && !Hasher.IsTooDeep; id++)
        {
            var type = types[id];
            HasFunctions |= type.Kind == BtfKind.Func;
            HasVariables |= type.Kind == BtfKind.Var;
            var name = types.Name(type.NameOffset);
            if (name.IsEmpty) continue;
            if (type.Kind is BtfKind.Func or BtfKind.Var) AddSymbol(types, type, name);
            else if (NameIndex.Covers(type.Kind)) AddType(types, type, name);
        }
    }

    /// <summary>Fingerprints of single types, for split BTF on this one.</summary>
    public TypeHasher Hasher { get; }

    /// <summary>Whether there is any function.</summary>
    public bool HasFunctions { get; private set; }

    /// <summary>Whether there is any variable.</summary>
    public bool HasVariables { get; private set; }

    /// <summary>By <see cref="LayoutName.Key"/>.</summary>
    public Dictionary<ulong, NamedFingerprint> All => _all;

    /// <summary>
    /// Whether every search for the name ends here. If all types of the name have a flavour, a search without flavours continues in the
    /// modules.
    /// </summary>
    public bool Answers(ulong key) => _all.ContainsKey(key) && !_inexact.Contains(key);

    /// <summary>The fingerprint of two consecutive ones.</summary>
    public Fingerprint Chain(Fingerprint first, ulong next)
    {
        _bytes.Add(first.Value);
        _bytes.Add(next);
        return _bytes.Take(0);
    }

    private void AddSymbol(BtfTypes types, BtfType type, ReadOnlySpan<byte> name)
    {
        var key = LayoutName.KeyOf(BtfKind.Func, name);
        if (_all.ContainsKey(key)) return;
        // A function has the fingerprint of its prototype, which no variable has.
        var fingerprint = Hasher.Of(type.Kind == BtfKind.Func ? type.SizeOrType : type.Id, isPointed: true);
        _all.Add(key, new(key, new(fingerprint), BtfKind.Func, types, type.NameOffset));
    }

    private void AddType(BtfTypes types, BtfType type, ReadOnlySpan<byte> name)
    {
        var essential = EssentialName.Of(name);
        var kind = LayoutName.Group(type.Kind);
        var key = LayoutName.KeyOf(kind, essential);
        var isKnown = _all.TryGetValue(key, out var before);
        if (kind == type.Kind && essential.Length == name.Length) _inexact.Remove(key);
        else if (!isKnown) _inexact.Add(key);
        var own = new Fingerprint(Hasher.Of(type.Id));
        _all[key] = new(key, isKnown ? Chain(before.Fingerprint, own.Value) : own, kind, types, type.NameOffset);
    }
}
