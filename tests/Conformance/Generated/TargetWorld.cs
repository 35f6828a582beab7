namespace Relo.Conformance.Generated;

/// <summary>Generates a kernel's types from an object's, changed as by years of kernel development, and worse.</summary>
public sealed class TargetWorld(Random random, int changes)
{
    private readonly Dictionary<T, List<T>> _variants = [];
    private readonly int _longSize = random.Next(10) == 0 ? 4 : 8;
    private int _depth;

    /// <param name="random">Source of all choices.</param>
    /// <param name="local">The object's types.</param>
    /// <param name="changes">How likely a change is, in percent.</param>
    public static List<T> Make(Random random, World local, int changes) => new TargetWorld(random, changes).Make(local);

    private List<T> Make(World local)
    {
        var result = new List<T>();
        foreach (var type in local.Named)
        {
            // Mostly one; sometimes none, sometimes a name that several types share.
            var copies = Rarely(8) ? 0 : Rarely(15) ? random.Next(2, 4) : 1;
            if (type is IntT or FloatT && copies == 0) copies = 1;
            for (; copies > 0; copies--) result.Add(Variant(type));
        }
        if (Rarely(30)) random.Shuffle(System.Runtime.InteropServices.CollectionsMarshal.AsSpan(result));
        return result;
    }

    private bool Rarely(int percent) => random.Next(100) < percent;

    private bool Change(int weight = 1) => random.Next(100) < changes * weight;

    /// <summary>The counterpart of a type in references: one of its variants; creates the first if there is none.</summary>
    private T? Of(T? type)
    {
        if (type is null) return null;
        if (_variants.TryGetValue(type, out var known) && known.Count > 0 && (_depth > 12 || !Rarely(20) || type is not CompositeT))
            return known[random.Next(known.Count)];
        return Variant(type);
    }

    private T Variant(T type)
    {
        if (!_variants.TryGetValue(type, out var list)) _variants[type] = list = [];
        _depth++;
        T made = type switch
        {
            IntT t => Int(t),
            FloatT t => new FloatT(t.Name, Change() ? 4 : t.Size),
            PtrT t => Change() ? new IntT("unsigned long", _longSize, 0) : new PtrT(Of(t.To)),
            ArrayT t => Change() && Of(t.Element) is { } scalar
                ? scalar
                : new ArrayT(Of(t.Element)!, Change(3) ? random.Next(0, 7) : t.Count),
            ModifierT t => Change(2) && Of(t.Of) is { } bare ? bare : new ModifierT(t.Kind, Of(t.Of)),
            TypedefT t => new TypedefT(Renamed(t.Name), Change() && t.Of is IntT ? new IntT("unsigned int", 4, 0) : Of(t.Of)),
            FwdT t => Change(3) ? new CompositeT(t.Name, !t.IsUnion ^ Rarely(80), []) { Size = 0 } : new FwdT(t.Name, t.IsUnion ^ Change()),
            ProtoT t => new ProtoT(Of(t.Result), [.. t.Parameters.Select(Of).Skip(Change() ? 1 : 0)]),
            EnumT t => Enum(t),
            CompositeT t => Composite(t),
            _ => throw new NotSupportedException(type.GetType().Name),
        };
        _depth--;
        list.Add(made);
        if (Change() && made is IntT or EnumT or CompositeT or PtrT)
            return new ModifierT(random.Next(2) == 0 ? 10 : 18, made) is var modified && _depth > 0 ? modified : made;
        return made;
    }

    private string Renamed(string name) => name.Length == 0 || !Change(2)
        ? name
        : random.Next(4) switch { 0 => name + "___k", 1 => name.Split("___")[0], 2 => name + "___", _ => "N" + name };

    private IntT Int(IntT t)
    {
        if (t.Name == "long") return new("long", _longSize, IntT.Signed);
        return new(t.Name, Change() ? 1 << random.Next(4) : t.Size, Change() ? random.Next(5) : t.Encoding,
            Change() && Rarely(20) ? random.Next(1, 8) : 0);
    }

    private EnumT Enum(EnumT t)
    {
        var wide = t.Wide ^ Change();
        var values = t.Values.Where(_ => !Change(2))
            .Select(value => (Change() ? value.Name + "___k" : value.Name, Change(3) ? random.NextInt64() >> random.Next(64) : value.Value))
                .ToList();
        if (Change(2)) values.Add((LocalWorld.ValueName(random), random.Next(9)));
        if (Change(2)) values.Reverse();
        var name = !Change(2) ? Renamed(t.Name) : t.Name.Length == 0 ? "E1" : "";
        return new(name, wide, t.Signed ^ Change(), wide ? 8 : Change() ? 1 << random.Next(4) : 4, values);
    }

    private CompositeT Composite(CompositeT t)
    {
        var members = t.Members.Where(_ => !Change(2)).Select(Moved).ToList();
        if (Change(3)) members.Insert(random.Next(members.Count + 1), new($"k{random.Next(3)}", new IntT("unsigned char", 1, 0)));
        if (Change(2)) random.Shuffle(System.Runtime.InteropServices.CollectionsMarshal.AsSpan(members));
        if (members.Count > 1 && Change(2)) Wrap(members);
        Unwrap(members);
        var made = new CompositeT(Renamed(t.Name), t.IsUnion ^ Change(), members);
        TypeLayout.Place(made, packed: Rarely(15));
        if (Change() && made.Size > 0) made.Size += 8;
        return made;
    }

    private Member Moved(Member member)
    {
        var type = Change() ? new IntT("unsigned long long", 8, 0) : Of(member.Type)!;
        var bits = member.Bits > 0 && Change(3) ? 0 : member.Bits;
        if (TypeLayout.Strip(type) is IntT or EnumT)
        {
            var width = TypeLayout.SizeOf(type) * 8;
            if (bits == 0 && Change()) bits = random.Next(1, width + 1);
            if (bits > 0 && Change()) bits = random.Next(1, width + 1);
            bits = Math.Min(bits, width);
        }
        else
        {
            bits = 0;
        }
        return new(member.Name.Length > 0 && Change() ? $"m{random.Next(12)}" : member.Name, type, bits);
    }

    private void Wrap(List<Member> members)
    {
        var first = random.Next(members.Count);
        var count = random.Next(1, members.Count - first + 1);
        var inner = new CompositeT("", Rarely(40), members.GetRange(first, count));
        TypeLayout.Place(inner, packed: Rarely(15));
        members.RemoveRange(first, count);
        members.Insert(first, new(Rarely(20) ? "wrapped" : "", inner));
    }

    private void Unwrap(List<Member> members)
    {
        var at = members.FindIndex(member => member.Name.Length == 0 && member.Type is CompositeT);
        if (at < 0 || !Change(3)) return;
        var inner = ((CompositeT)members[at].Type).Members.Select(member => member with { });
        members.RemoveAt(at);
        members.InsertRange(at, inner);
    }
}
