using System.Globalization;
using Relo.Conformance.Generated;
using Relo.Core.Btf;

namespace Relo.Benchmarks.Core;

/// <summary>An object with many records: accesses to many members of one kernel's structs, as in a large tracer.</summary>
internal static class ManyRecords
{
    private const int Types = 500;
    private const int Records = 20_000;
    private const int FewestMembers = 4;
    private const int FieldByteOffset = 0;

    /// <summary>Builds the object from structs all over <paramref name="kernel"/>.</summary>
    public static byte[] Make(BtfTypes kernel)
    {
        var words = Enumerable.Range(0, 4).Select(i => 1 << i).ToDictionary(size => (uint)size, size => new IntT($"u{size * 8}", size, 0));
        var pointer = new PtrT(null);
        var known = Enumerable.Range(1, kernel.Count - 1).Select(id => kernel[(uint)id])
            .Where(type => type.Kind == BtfKind.Struct && type.NameOffset != 0)
            .DistinctBy(type => kernel.NameText(type.NameOffset)).Select(type => Local(kernel, type, words, pointer))
                .Where(type => type.Members.Count >= FewestMembers).ToList();
        if (known.Count < Types)
            throw new InvalidOperationException(
                $"the kernel has {known.Count} structs of {FewestMembers} plain members, {Types} are wanted");
        var btf = new BtfAssembler();
        var chosen = Enumerable.Range(0, Types).Select(i => known[(int)((long)i * known.Count / Types)])
            .Select(type => (Id: btf.Add(type), type.Members)).ToArray();
        var records = Enumerable.Range(0, Records).Select(i =>
        {
            var (id, members) = chosen[i % Types];
            var member = i / Types % members.Count;
            // r1 = place of the member
            return new MadeRecord([0xb7, 1, 0, 0, .. BitConverter.GetBytes(members[member].BitOffset / 8)], id,
                string.Create(CultureInfo.InvariantCulture, $"0:{member}"), FieldByteOffset);
        });
        return ObjectAssembler.Write(btf, [.. records]);
    }

    /// <summary>The struct as the object declares it: its integer and pointer members, without gaps.</summary>
    private static CompositeT Local(BtfTypes kernel, BtfType type, Dictionary<uint, IntT> words, PtrT pointer)
    {
        var members = new List<Member>();
        for (var i = 0; i < type.Count; i++)
        {
            var member = kernel.Member(type, i);
            if (member.NameOffset == 0 || member.BitfieldBits != 0) continue;
            var of = kernel.SkipModifiers(member.TypeId);
            T? local = of.Kind switch
            {
                BtfKind.Ptr => pointer,
                BtfKind.Int when kernel.Int(of).BitOffset == 0 => words.GetValueOrDefault(of.SizeOrType),
                _ => null,
            };
            if (local is not null) members.Add(new(kernel.NameText(member.NameOffset), local) { BitOffset = members.Count * 64 });
        }

        return new CompositeT(kernel.NameText(type.NameOffset), isUnion: false, members) { Size = members.Count * 8 };
    }
}
