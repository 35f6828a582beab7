using System.Text;
using Relo.Core.Access;
using Relo.Core.Btf;
using Relo.Core.BtfExt;
using Relo.Core.Relocation;
using static Relo.Core.Btf.BtfWriter;

namespace Relo.Fuzz.Harnesses;

/// <summary>Types of every kind, and accesses to them: <c>kind:8 type:8 access string</c>.</summary>
internal static class AccessTypes
{
    private const long Budget = 100_000;

    private static readonly BtfTypes Local = BtfReader.Read(Write(new()).ToBytes());
    private static readonly BtfTypes Target = BtfReader.Read(Write(new(), moved: true).ToBytes());

    public static IReadOnlyList<byte[]> Words { get; } =
        [.. new[] { "0", ":0", ":1", ":2", ":3", "0:1:2", ":7", " 1", ":-1", ":+2", ":4294967296", ":99999999999999999999" }
            .Select(Encoding.ASCII.GetBytes)];

    public static IEnumerable<byte[]> Seeds()
    {
        for (byte kind = 0; kind < 14; kind++)
            for (byte type = 0; type < Local.Count; type++)
                foreach (var access in (string[])["0", "0:0", "0:1:2", "0:3:1", "1:4:0:0"])
                    yield return [kind, type, .. Encoding.ASCII.GetBytes(access)];
    }

    public static void Run(byte[] bytes)
    {
        if (bytes.Length < 2) return;
        var relo = new CoreRelo(0, (uint)(bytes[1] % Local.Count), 0, (CoreReloKind)(bytes[0] % 14));
        if (AccessSpecParser.Parse(
            Local, relo, bytes.AsSpan(2), new WorkBudget(Budget, CancellationToken.None), out var spec) is var error and not 0)
        {
            Objects.Must(error is Errno.EInval or Errno.E2Big, $"the error is {error}");
            return;
        }
        Objects.Must(spec!.LibbpfText.Length > 0 && Value(spec.End, spec.Kind).Error <= 0, "the access has no text or no value");
        for (var id = 1u; id < (uint)Target.Count; id++)
        {
            var matcher = new SpecMatcher(new WorkBudget(Budget, CancellationToken.None));
            if (matcher.Match(spec, Target, id) <= 0) continue;
            Objects.Must(matcher.Target.ToSpec().Text.Length > 0 && Value(matcher.Target.End, spec.Kind).Error <= 0,
                "the match has no text or no value");
        }
    }

    /// <summary>Writes them; moved ones have other offsets, sizes and neighbours.</summary>
    public static BtfWriter Write(BtfWriter b, bool moved = false)
    {
        var shift = moved ? 64u : 0;
        var number = b.Int("int", 4, encoding: 1);
        var wide = b.Int(moved ? "unsigned long" : "long", 8);
        var pointer = b.Ptr(number);
        var modified = b.Ref(BtfKind.Const, b.Ref(BtfKind.Volatile, b.Ref(BtfKind.Typedef, number, "number_t")));
        var row = b.Array(number, number, moved ? 5u : 3);
        var table = b.Array(row, number, 4);
        var open = b.Array(wide, number, 0);
        var inner = b.Union("", 8, new Member("as_number", number, 0), new Member("as_wide", wide, 0), new Member("as_bits", number, 0));
        var nested = b.Struct("", 16, new Member("", inner, 0), new Member("tail", modified, 64));
        var choice = b.Enum("choice", 4, moved, ("ONE", 1), ("TWO", moved ? -2 : 2));
        var large = b.Enum64("large", false, ("HUGE", moved ? 1L << 40 : 1L << 41));
        b.Struct(moved ? "root___old" : "root", 160, new Member("first", number, shift), new Member("table", table, 64 + shift),
            new Member("", nested, 512 + shift), new Member("choice", choice, 640 + shift), new Member("large", large, 704 + shift),
            new Member("open", open, 768 + shift));
        b.Struct("bits", 8, new Member("a", number, moved ? 3u : 0, 3), new Member("b", number, 30, 10), new Member("c", wide, 40, 20),
            new Member("p", pointer, 64));
        var function = b.FuncProto(number, ("a", wide), ("b", pointer), ("", 0u));
        b.Ref(BtfKind.Func, function, "called", count: 1);
        b.Ref(BtfKind.Typedef, b.Ptr(function), "callback");
        b.Fwd("elsewhere", union: moved);
        b.Float("double", 8);
        var variable = b.Var("global", number);
        b.DataSec(".data", 4, (variable, 0u, 4u));
        b.DeclTag("tag", variable);
        b.Ptr(b.Ref(BtfKind.TypeTag, number, "user"));
        return b;
    }

    private static AccessValue Value(AccessEnd end, CoreReloKind kind) => kind switch
    {
        _ when kind.IsFieldBased() => FieldValue.Calculate(end, kind, bigEndian: false, new WorkBudget(Budget, CancellationToken.None)),
        _ when kind.IsTypeBased() => TypeValue.Calculate(end, kind),
        _ => EnumValue.Calculate(end, kind),
    };
}
