namespace Relo.Core.Btf;

/// <summary>
/// Counts the places where functions were inlined, in BTF of inline sites (<c>.BTF.inline</c>). Built on first use, in one pass over the
/// types.
/// </summary>
internal sealed class InlineSiteIndex
{
    private readonly BtfTypes _types;
    private readonly Dictionary<uint, int> _sites = [];

    private InlineSiteIndex(BtfTypes types) => _types = types;

    /// <summary>Counts the sites in <paramref name="types"/> itself, by the id of the function.</summary>
    public static InlineSiteIndex Of(BtfTypes types)
    {
        var index = new InlineSiteIndex(types);
        for (var id = types.FirstId; id < (uint)types.Count; id++)
        {
            if (types[id] is not { Kind: BtfKind.LocSec } section) continue;
            for (var i = 0; i < section.Count; i++)
            {
                var function = types.InlinedFunction(section, i);
                index._sites[function] = index._sites.GetValueOrDefault(function) + 1;
            }
        }

        return index;
    }

    /// <summary>The number of places where a function of this name was inlined.</summary>
    public int Count(ReadOnlySpan<byte> name)
    {
        // A function that exists out of line too is listed in the base; the others are listed beside their sites. Several static functions
        // may share a name.
        var ids = new HashSet<uint>();
        for (var types = _types; types is not null; types = types.Base) types.Symbols.AddIds(name, ids);
        return ids.Sum(id => _sites.GetValueOrDefault(id));
    }
}
