using Relo.Core.Bytes;

namespace Relo.Core.StableForms;

/// <summary>Converts the words of all types to stable form and back, in place.</summary>
internal sealed class StableTypes
{
    private const uint Void = 0;

    private readonly Candidates _candidates = new();
    private uint[] _hashes = []; // it only grows: another BTF uses it again

    /// <summary>Replaces names and type ids.</summary>
    /// <exception cref="MalformedObjectException">The words are not those of types that have a stable form.</exception>
    public void Encode(uint[] words, StableNames names, ChoiceWriter choices)
    {
        var types = TypesOf(words);
        var hashes = new TypeHashes(words, types, names).All();
        _candidates.Fill(hashes);
        foreach (var type in types)
        {
            var meanings = type.Meanings(words);
            var place = 0;
            for (var at = type.Start; at < type.End; at++, place = type.Next(place, meanings))
                if (meanings[place] == WordMeaning.Name) words[at] = names.Encode(words[at], choices);
        }

        foreach (var type in types)
        {
            var meanings = type.Meanings(words);
            var place = 0;
            for (var at = type.Start; at < type.End; at++, place = type.Next(place, meanings))
            {
                if (meanings[place] != WordMeaning.Type || words[at] == Void) continue;
                var number = (int)words[at] - 1;
                words[at] = hashes[number];
                _candidates.Write(hashes[number], number, choices);
            }
        }
    }

    /// <summary>Restores names and type ids.</summary>
    /// <exception cref="MalformedObjectException">The words are not in stable form.</exception>
    public void Decode(Span<uint> words, StableNames names, ChoiceReader choices)
    {
        var count = CountOf(words);
        if (_hashes.Length < count) _hashes = new uint[count];
        TypeWords type;
        for (int i = 0, start = 0; i < count; i++, start = type.End)
        {
            type = TypeWords.At(words, start);
            _hashes[i] = DecodeNames(words, type, names, choices);
        }

        _candidates.Fill(_hashes.AsSpan(0, count));
        for (var start = 0; start < words.Length; start = type.End)
        {
            type = TypeWords.At(words, start);
            var (shape, elements) = (type.Shape, type.Start + type.Shape.Once);
            DecodeIds(words[(start + shape.Ids.First)..(start + shape.Ids.End)], choices);
            for (var element = elements; element < type.End; element += shape.Each)
                DecodeIds(words[(element + shape.ElementIds.First)..(element + shape.ElementIds.End)], choices);
        }
    }

    private void DecodeIds(Span<uint> ids, ChoiceReader choices)
    {
        foreach (ref var id in ids)
            if (id != Void) id = (uint)_candidates.Read(id, choices) + 1;
    }

    // Returns the hash of the type, as TypeHashes defines it.
    private static uint DecodeNames(Span<uint> words, in TypeWords type, StableNames names, ChoiceReader choices)
    {
        var isShallow = type.IsNamedComposite(words);
        var hash = new ContentHash();
        var meanings = type.Meanings(words);
        var place = 0;
        for (var at = type.Start; at < type.End; at++, place = type.Next(place, meanings))
        {
            var word = words[at];
            switch (meanings[place])
            {
                case WordMeaning.Name:
                    (words[at], word) = names.Decode(word, choices);
                    break;
                case WordMeaning.Type when isShallow:
                    word = Void;
                    break;
            }

            hash.Add(word);
        }

        return hash.Value;
    }

    private static List<TypeWords> TypesOf(uint[] words)
    {
        var types = new List<TypeWords>(CountOf(words));
        for (var at = 0; at < words.Length; at = types[^1].End) types.Add(TypeWords.At(words, at));
        return types;
    }

    private static int CountOf(ReadOnlySpan<uint> words)
    {
        var count = 0;
        for (var at = 0; at < words.Length; at = TypeWords.At(words, at).End)
            if (++count > Candidates.Most) throw TypeWords.Fault(at, $"there are more than {Candidates.Most} types");
        return count;
    }
}
