using Relo.Core.Access;
using Relo.Core.Btf;

namespace Relo.Core.Proposals;

/// <summary>A struct that has the field which a kernel lacks: the object's own, or that of another kernel.</summary>
/// <param name="Access">The access in these types. They must be open while proposals are searched.</param>
/// <param name="Source">What it is, in words: <c>the object</c>, <c>5.10.0-46-amd64</c>.</param>
public sealed record FieldEvidence(AccessSpec Access, string Source)
{
    /// <summary>The types that the object was compiled with.</summary>
    public static FieldEvidence OfObject(AccessSpec local) => new(local, "the object");

    /// <summary>The composite that the accessor <paramref name="index"/> looks into, unnamed members skipped.</summary>
    internal uint CompositeAt(int index)
    {
        var types = Access.Types;
        if (index <= 1) return types.SkipModifiers(Access.RootTypeId).Id;
        var before = Access.Accessors[index - 1];
        var id = before.IsNamed ? types.Member(types[before.TypeId], before.Index).TypeId : before.TypeId;
        return types.SkipModifiers(id).Id;
    }
}
