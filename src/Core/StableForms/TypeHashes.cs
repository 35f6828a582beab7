using Relo.Core.Bytes;

namespace Relo.Core.StableForms;

/// <summary>
/// The hash of each type of raw BTF: of its words, with each name as the hash of the string and each reference as the hash of the
/// referenced type. Named structs and unions leave out what their members refer to: every cycle of types in C passes through one of these.
/// So <see cref="StableTypes"/> computes the same hash from the stable form alone.
/// </summary>
/// <param name="words">The words of all types.</param>
/// <param name="types">The types, from id 1.</param>
/// <param name="names">The strings.</param>
internal sealed class TypeHashes(uint[] words, IReadOnlyList<TypeWords> types, StableNames names)
{
    private const uint Void = 0, Unknown = 0; // no type has this hash
    private const int DeepestChain = 256;

    private readonly uint[] _hashes = new uint[types.Count];

    /// <summary>All of them, from id 1.</summary>
    /// <exception cref="MalformedObjectException">A reference to a type that does not exist, or a cycle without a named struct.</exception>
    public uint[] All()
    {
        for (var i = 0; i < types.Count; i++) Of((uint)i + 1, DeepestChain);
        return _hashes;
    }

    private uint Of(uint id, int depth)
    {
        if (Existing(id) == Void) return Void;
        ref var hash = ref _hashes[id - 1];
        if (hash == Unknown) hash = Compute(types[(int)id - 1], depth);
        return hash;
    }

    private uint Compute(in TypeWords type, int depth)
    {
        if (depth == 0) throw Fault("types refer to each other in a circle");
        var isShallow = type.IsNamedComposite(words);
        var hash = new ContentHash();
        var meanings = type.Meanings(words);
        var place = 0;
        for (var at = type.Start; at < type.End; at++, place = type.Next(place, meanings))
        {
            hash.Add(meanings[place] switch
            {
                WordMeaning.Name => names.HashOf(words[at]),
                WordMeaning.Type => isShallow ? Shallow(words[at]) : Of(words[at], depth - 1),
                _ => words[at],
            });
        }

        return hash.Value;
    }

    private uint Shallow(uint id)
    {
        Existing(id);
        return Void;
    }

    private uint Existing(uint id) =>
        id <= (uint)types.Count ? id : throw Fault($"type {id} is referenced, the last is {types.Count}");

    private static MalformedObjectException Fault(string message) => new(MalformedObjectException.InvalidBtf, "types", 0, message);
}
