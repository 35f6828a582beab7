using System.Buffers.Binary;
using Relo.Core.Btf;
using Relo.Core.Bytes;

namespace Relo.Core.Tests.Btf;

public class BtfReferencesTests
{
    private const int HeaderSize = 24;

    /// <summary>
    /// Words of each kind before its elements and of an element: n a name, t a type, i the info word, . something else (linux/btf.h).
    /// </summary>
    public static TheoryData<BtfKind, string, string> Shapes() => new()
    {
        { BtfKind.Int, "ni..", "" }, { BtfKind.Ptr, "nit", "" }, { BtfKind.Array, "ni.tt.", "" }, { BtfKind.Struct, "ni.", "nt." },
        { BtfKind.Union, "ni.", "nt." },
        { BtfKind.Enum, "ni.", "n." }, { BtfKind.Fwd, "ni.", "" }, { BtfKind.Typedef, "nit", "" }, { BtfKind.Volatile, "nit", "" },
        { BtfKind.Const, "nit", "" },
        { BtfKind.Restrict, "nit", "" }, { BtfKind.Func, "nit", "" }, { BtfKind.FuncProto, "nit", "nt" }, { BtfKind.Var, "nit.", "" },
        { BtfKind.DataSec, "ni.", "t.." },
        { BtfKind.Float, "ni.", "" }, { BtfKind.DeclTag, "nit.", "" }, { BtfKind.TypeTag, "nit", "" }, { BtfKind.Enum64, "ni.", "n.." },
        { BtfKind.LocParam, "ni..", "." }, { BtfKind.LocProto, "ni.", "t" }, { BtfKind.LocSec, "ni.", "tt." },
    };

    [Theory]
    [MemberData(nameof(Shapes))]
    public void A_wrong_reference_is_told_wherever_it_stands_and_other_words_may_be_anything(BtfKind kind, string once, string each)
    {
        foreach (var count in each.Length == 0 ? [0] : Enumerable.Range(0, 24))
        {
            foreach (var behind in new[] { 0, 1, 30 }) // the last types of all are read in another way
            {
                var words = once + string.Concat(Enumerable.Repeat(each, count));
                var writer = new BtfWriter();
                writer.Int("int", 4);
                writer.Add("", kind, 0, (uint)count, kindFlag: count % 2 == 1, new uint[words.Length - 3]);
                for (var i = 0; i < behind; i++) writer.Ptr(1);
                var bytes = writer.ToBytes();
                Assert.Equal(3 + behind, BtfReader.Read(bytes).Count);

                for (var word = 0; word < words.Length; word++)
                {
                    if (words[word] == 'i') continue;
                    var place = HeaderSize + (4 * 4) + (word * 4);
                    var edited = bytes.ToArray();
                    BinaryPrimitives.WriteUInt32LittleEndian(edited.AsSpan(place), uint.MaxValue);
                    if (words[word] == '.')
                    {
                        BtfReader.Read(edited);
                        continue;
                    }

                    var fault = Assert.Throws<MalformedObjectException>(() => BtfReader.Read(edited));
                    Assert.Equal(place, fault.Offset);
                    Assert.Contains(words[word] == 'n'
                        ? "type 2 has its name at string offset 4294967295"
                        : "type 2 refers to type 4294967295", fault.Message, StringComparison.Ordinal);
                }
            }
        }
    }

    [Theory]
    [MemberData(nameof(Shapes))]
    public void A_reference_to_the_last_type_and_the_last_string_is_fine_and_one_further_is_not(BtfKind kind, string once, string each)
    {
        const int count = 7;
        var words = once + (each.Length == 0 ? "" : string.Concat(Enumerable.Repeat(each, count)));
        for (var word = 0; word < words.Length; word++)
        {
            if (words[word] is not ('n' or 't')) continue;
            var writer = new BtfWriter();
            writer.Int("int", 4);
            writer.Add("", kind, 0, each.Length == 0 ? 0u : count, kindFlag: false, new uint[words.Length - 3]);
            for (var i = 0; i < 20; i++) writer.Ptr(1);
            var bytes = writer.ToBytes();
            var end = words[word] == 't' ? writer.NextId : BinaryPrimitives.ReadUInt32LittleEndian(bytes.AsSpan(20));
            var place = bytes.AsSpan(HeaderSize + (4 * 4) + (word * 4));
            BinaryPrimitives.WriteUInt32LittleEndian(place, end - 1);
            BtfReader.Read(bytes);
            BinaryPrimitives.WriteUInt32LittleEndian(place, end);
            Assert.Throws<MalformedObjectException>(() => BtfReader.Read(bytes));
        }
    }
}
