using Relo.Core.Bytes;

namespace Relo.Core.Btf;

/// <summary>Finds the types of a distilled base in a kernel (btf_relocate_map_distilled_base of libbpf).</summary>
/// <remarks>
/// Stricter than libbpf in two places where it compares the wrong thing: a struct of the excerpt never becomes an enum or an integer of
/// the same name and size, and the forward declaration, not the type it is compared with, says whether it declares a union.
/// </remarks>
internal sealed class DistilledMatch
{
    /// <summary>
    /// More comparisons than any real module needs: it has a few hundred types, and one or two types of the kernel share each name.
    /// </summary>
    private const int MaxComparisons = 5_000_000;

    private readonly BtfTypes _distilled;
    private readonly BtfTypes _kernel;
    private readonly HashSet<uint> _embedded;
    private int _comparisons;

    private DistilledMatch(BtfTypes distilled, BtfTypes module, BtfTypes kernel)
    {
        (_distilled, _kernel) = (distilled, kernel);
        _embedded = Embedded(module, (uint)distilled.Count);
    }

    /// <summary>The kernel's type for each of the excerpt's.</summary>
    /// <exception cref="MalformedObjectException">A type has no match, or several.</exception>
    public static Dictionary<uint, uint> Ids(BtfTypes distilled, BtfTypes module, BtfTypes kernel)
    {
        if (distilled.IsBigEndian != kernel.IsBigEndian) throw DistilledBase.Fault(1, "has another byte order than the kernel's types");
        var match = new DistilledMatch(distilled, module, kernel);
        var ids = new Dictionary<uint, uint>();
        for (var id = 1u; id < (uint)distilled.Count; id++) ids.Add(id, match.Find(distilled[id]));
        return ids;
    }

    private uint Find(BtfType type)
    {
        var name = _distilled.Name(type.NameOffset);
        if (name.IsEmpty
            || type.Kind is not (BtfKind.Int or BtfKind.Float or BtfKind.Enum or BtfKind.Struct or BtfKind.Union or BtfKind.Fwd))
            throw DistilledBase.Fault(type.Id, $"is {Text(type)}, expected a named int, float, enum, struct, union or fwd");
        var candidates = Named(name);
        // Of several types with one name, the size decides.
        var sizeCounts = candidates.Count(t => t.Kind.IsComposite()) > 1;
        var found = 0u;
        foreach (var candidate in candidates)
        {
            if (!Fits(type, candidate, sizeCounts)) continue;
            if (found != 0)
                throw DistilledBase.Fault(type.Id,
                    $"{Text(type)} may be type {found} or {candidate.Id} of the kernel, which have the same name and size");
            found = candidate.Id;
        }
        return found != 0 ? found
            : throw DistilledBase.Fault(type.Id, $"{Text(type)} is not in the kernel's BTF; the module was built for another kernel");
    }

    private List<BtfType> Named(ReadOnlySpan<byte> name)
    {
        var found = new List<BtfType>();
        var hash = NameIndex.Hash(EssentialName.Of(name));
        foreach (var entry in _kernel.Index.Bucket(hash))
        {
            if (++_comparisons > MaxComparisons)
                throw new MalformedObjectException(MalformedObjectException.InvalidBtf, ".BTF.base", 0,
                    $"its types share their names with more than {MaxComparisons} of the kernel's");
            if (entry.Hash == hash && _kernel[entry.Id] is var type && _kernel.NameEquals(type.NameOffset, name)) found.Add(type);
        }
        return found;
    }

    private bool Fits(BtfType type, BtfType candidate, bool sizeCounts)
    {
        var sameSize = type.SizeOrType == candidate.SizeOrType;
        if (candidate.Kind.IsComposite() && sizeCounts && !sameSize) return false;
        return type.Kind switch
        {
            BtfKind.Int => candidate.Kind == BtfKind.Int && sameSize && _distilled.Int(type).Encoding == _kernel.Int(candidate).Encoding,
            BtfKind.Float => candidate.Kind == BtfKind.Float && sameSize,
            BtfKind.Enum => candidate.Kind.IsAnyEnum() && sameSize, // the excerpt has both kinds as enum
            BtfKind.Fwd => IsUnion(candidate) == type.KindFlag,
            _ => IsUnion(candidate) == (type.Kind == BtfKind.Union)
                && (!_embedded.Contains(type.Id) || (candidate.Kind == type.Kind && sameSize)),
        };
    }

    /// <returns>Null for types that are no struct or union, declared or defined.</returns>
    private static bool? IsUnion(BtfType type) => type.Kind switch
    {
        BtfKind.Struct => false,
        BtfKind.Union => true,
        BtfKind.Fwd => type.KindFlag,
        _ => null,
    };

    /// <summary>
    /// Types of the base that the module embeds in its own structs and unions, not only by pointer: their size must match.
    /// </summary>
    private static HashSet<uint> Embedded(BtfTypes module, uint baseCount)
    {
        var embedded = new HashSet<uint>();
        for (var id = module.FirstId; id < (uint)module.Count; id++)
        {
            if (module[id] is var type && !type.Kind.IsComposite()) continue;
            for (var i = 0; i < type.Count; i++)
                if (Within(module, module.Member(type, i).TypeId) is { } inner && inner.Kind.IsComposite() && inner.Id < baseCount)
                    embedded.Add(inner.Id);
        }
        return embedded;
    }

    private static BtfType Within(BtfTypes types, uint id)
    {
        var type = types.SkipModifiers(id);
        for (var step = 0; type.Kind == BtfKind.Array; step++)
            type = types.SkipModifiers(BtfWalk.Next(types.Array(type).ElementTypeId, step));
        return type;
    }

    private string Text(BtfType type) =>
        $"{type.Kind.LibbpfName()} '{_distilled.NameText(type.NameOffset)}'"
        + $"{(type.Kind == BtfKind.Fwd ? "" : $" of {type.SizeOrType} bytes")}";
}
