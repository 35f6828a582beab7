using Relo.Core.Btf;
using Relo.Core.Bytes;

namespace Relo.Core.StableForms;

/// <summary>One type within the words of all types.</summary>
/// <param name="Start">Its first word.</param>
/// <param name="End">The word after its last.</param>
/// <param name="Shape">Which of its words are names and type ids.</param>
internal readonly record struct TypeWords(int Start, int End, KindShape Shape)
{
    /// <summary>The type that begins at a word.</summary>
    /// <exception cref="MalformedObjectException">The type does not end within the words, or its kind is unknown.</exception>
    public static TypeWords At(ReadOnlySpan<uint> words, int start)
    {
        if (words.Length - start < KindShape.Head) throw Fault(start, $"{words.Length - start} words are left, a type has at least 3");
        var info = words[start + 1];
        var shape = KindShape.OfUpperByte[(int)(info >> 24)];
        if (shape.Once == 0) throw Fault(start + 1, $"kind {(info >> 24) & 0x7f} is unknown");
        var length = shape.Once + (shape.Each * (long)(info & 0xffffff));
        if (length > words.Length - start) throw Fault(start, $"the type needs {length} words, {words.Length - start} are left");
        return new(start, start + (int)length, shape);
    }

    /// <summary>Whether it is a struct or union with a name: its hash leaves out what its members refer to.</summary>
    public bool IsNamedComposite(ReadOnlySpan<uint> words) =>
        words[Start] != 0 && ((BtfKind)((words[Start + 1] >> 24) & 0x7f)).IsComposite();

    /// <summary>
    /// The meanings of its words: first those that it has once, then those of each element, from <see cref="KindShape.Once"/>. Walk them
    /// with <see cref="Next"/>.
    /// </summary>
    public ReadOnlySpan<WordMeaning> Meanings(ReadOnlySpan<uint> words) => OfUpperByte[(int)(words[Start + 1] >> 24)];

    /// <summary>The place of the meaning of the next word.</summary>
    public int Next(int place, ReadOnlySpan<WordMeaning> meanings) => place + 1 < meanings.Length ? place + 1 : Shape.Once;

    private static readonly WordMeaning[][] OfUpperByte =
        [.. Enumerable.Range(0, 256).Select(upper => MeaningsOf(KindShape.OfUpperByte[upper]))];

    private static WordMeaning[] MeaningsOf(KindShape shape)
    {
        var meanings = new WordMeaning[shape.Once + shape.Each];
        for (var at = 0; at < shape.Once; at++) meanings[at] = at == 0 ? WordMeaning.Name : At(at, shape.Ids);
        for (var at = 0; at < shape.Each; at++)
            meanings[shape.Once + at] = at == 0 && shape.ElementName != 0 ? WordMeaning.Name : At(at, shape.ElementIds);
        return meanings;
    }

    private static WordMeaning At(int at, WordRange ids) => at >= ids.First && at < ids.End ? WordMeaning.Type : WordMeaning.Number;

    public static MalformedObjectException Fault(int word, string message) =>
        new(MalformedObjectException.InvalidBtf, "types", word * (long)sizeof(uint), message);
}
