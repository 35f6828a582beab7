using Relo.Core.Btf;

namespace Relo.Core.Tests.Fingerprints;

/// <summary>A small kernel in which a test changes one thing.</summary>
internal sealed record Variation
{
    public string Member { get; init; } = "a";
    public uint MemberAt { get; init; }
    public uint Bits { get; init; } = 3;
    public uint InnerSize { get; init; } = 8;
    public bool IsUnion { get; init; }
    public bool IsReversed { get; init; }
    public string Enumerator { get; init; } = "RED";
    public int EnumValue { get; init; } = 1;
    public bool EnumIsSigned { get; init; }
    public uint IntEncoding { get; init; } = 1;
    public uint LongSize { get; init; } = 8;
    public string Target { get; init; } = "far";
    public BtfKind TargetKind { get; init; } = BtfKind.Struct;
    public string FarMember { get; init; } = "x";
    public uint Elements { get; init; } = 4;
    public bool IsConst { get; init; }
    public bool FwdIsUnion { get; init; }
    public bool IsDuplicateFirst { get; init; }
    public int Duplicates { get; init; } = 1;
    public string Flavour { get; init; } = "flavoured___old";
    public int Parameters { get; init; } = 1;
    public string Parameter { get; init; } = "arg";
    public bool HasPadding { get; init; }

    public byte[] ToBytes()
    {
        var b = new BtfWriter();
        if (HasPadding) b.Ptr(b.Int("unused", 4)); // every id that follows is another
        var word = b.Int("int", 4, IntEncoding);
        var wide = b.Int("long", LongSize, 1);
        var colour = b.Enum("colour", 4, EnumIsSigned, (Enumerator, EnumValue), ("BLUE", 7));
        BtfWriter.Member first = new(Member, word, MemberAt), second = new("bits", word, 32, Bits);
        var inner = b.Composite(IsUnion ? BtfKind.Union : BtfKind.Struct, "inner", InnerSize,
            IsReversed ? [second, first] : [first, second]);
        b.Struct("outer", 16, new("in", inner, 0), new("more", word, 64));
        b.Struct("holder", 64, new BtfWriter.Member("all", b.Array(inner, word, Elements), 0));
        var far = b.Composite(TargetKind, Target, 8, new BtfWriter.Member(FarMember, wide, 0));
        b.Struct("pointer_to_far", 8, new BtfWriter.Member("p", b.Ptr(IsConst ? b.Ref(BtfKind.Const, far) : far), 0));
        b.Struct("pointer_to_enum", 8, new BtfWriter.Member("p", b.Ptr(colour), 0));
        b.Struct("pointer_to_fwd", 8, new BtfWriter.Member("p", b.Ptr(b.Fwd("later", FwdIsUnion)), 0));
        b.Ref(BtfKind.Typedef, inner, "inner_t");
        for (var i = 0; i < Duplicates; i++) b.Struct("twice", 4, new BtfWriter.Member(IsDuplicateFirst ? "two" : "one", word, 0));
        b.Struct("twice", 4, new BtfWriter.Member(IsDuplicateFirst ? "one" : "two", word, 0));
        b.Struct(Flavour, 4, new BtfWriter.Member("f", word, 0));
        var prototype = b.FuncProto(word, [.. Enumerable.Repeat((Parameter, wide), Parameters)]);
        b.Ref(BtfKind.Func, prototype, "call_me");
        return b.ToBytes();
    }
}
