namespace Relo.Conformance.Generated;

/// <summary>A BTF type while it is generated; references are objects, ids are assigned when it is written.</summary>
public abstract class T;

/// <summary>An integer; <paramref name="bitOffset"/> is the old way of bit-fields, which CO-RE refuses to match.</summary>
public sealed class IntT(string name, int size, int encoding, int bitOffset = 0) : T
{
    public const int Signed = 1, Char = 2, Bool = 4;
    public string Name => name;
    public int Size => size;
    public int Encoding => encoding;
    public int BitOffset => bitOffset;
}

public sealed class FloatT(string name, int size) : T
{
    public string Name => name;
    public int Size => size;
}

/// <summary>Null is void.</summary>
public sealed class PtrT(T? to) : T
{
    public T? To { get; set; } = to;
}

public sealed class ArrayT(T element, int count) : T
{
    public T Element => element;
    public int Count => count;
}

/// <summary>const, volatile, restrict, type tag.</summary>
public sealed class ModifierT(int kind, T? of) : T
{
    public int Kind => kind;
    public T? Of { get; set; } = of;
}

public sealed class TypedefT(string name, T? of) : T
{
    public string Name => name;
    public T? Of { get; set; } = of;
}

public sealed class FwdT(string name, bool isUnion) : T
{
    public string Name => name;
    public bool IsUnion => isUnion;
}

public sealed class EnumT(string name, bool wide, bool signed, int size, List<(string Name, long Value)> values) : T
{
    public string Name { get; set; } = name;
    public bool Wide => wide;
    public bool Signed => signed;
    public int Size => size;
    public List<(string Name, long Value)> Values => values;
}

public sealed class ProtoT(T? result, List<T?> parameters) : T
{
    public T? Result => result;
    public List<T?> Parameters => parameters;
}

/// <param name="Name">Empty for anonymous members.</param>
/// <param name="Type">Its type.</param>
/// <param name="Bits">Width of a bit-field, 0 for others.</param>
public sealed record Member(string Name, T Type, int Bits = 0)
{
    public int BitOffset { get; set; }
}

public sealed class CompositeT(string name, bool isUnion, List<Member> members) : T
{
    public string Name { get; set; } = name;
    public bool IsUnion => isUnion;
    public List<Member> Members { get; } = members;
    public int Size { get; set; }
    public bool HasBitFields => Members.Any(member => member.Bits > 0);
}
