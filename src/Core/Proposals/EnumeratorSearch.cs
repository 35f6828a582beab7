using Relo.Core.Access;
using Relo.Core.Btf;

namespace Relo.Core.Proposals;

/// <summary>Searches a kernel's enum for what replaced an enumerator: another name for the value, or a similar name.</summary>
internal static class EnumeratorSearch
{
    private const int MaxProposals = 3;

    public static IReadOnlyList<FieldProposal> Of(AccessSpec local, BtfTypes types, uint root, FieldEvidence evidence, WorkBudget work)
    {
        var (known, enumId) = (evidence.Access.Types, evidence.Access.Accessors[0].TypeId);
        var name = local.Types.NameText(local.Accessors[0].NameOffset);
        var old = Read(known, known[enumId], work);
        if (!old.TryGetValue(name, out var value)) return [];
        return [.. Read(types, types.SkipModifiers(root), work)
            .Where(now => !old.ContainsKey(now.Key))
            .Select(now => (now.Key, IsSame: now.Value == value, Names: MemberKinship.OfNames(name, now.Key)))
            .Where(now => now.IsSame || now.Names >= MemberKinship.PartOfName)
            .OrderByDescending(now => (now.IsSame ? 2 : 0) + now.Names).Take(MaxProposals)
            .Select(now => new FieldProposal("renamed", now.Key, null,
                $"the kernel's enum has {now.Key}{(now.IsSame ? $" = {value}, the value of {name}" : "")}; "
                + $"that of {evidence.Source} does not have it"))];
    }

    private static Dictionary<string, ulong> Read(BtfTypes types, BtfType type, WorkBudget work)
    {
        var all = new Dictionary<string, ulong>(StringComparer.Ordinal);
        if (!type.Kind.IsAnyEnum()) return all;
        for (var i = 0; i < type.Count && work.Pay(8); i++)
            if (types.Enumerator(type, i) is var one) all.TryAdd(types.NameText(one.NameOffset), one.Value);
        return all;
    }
}
