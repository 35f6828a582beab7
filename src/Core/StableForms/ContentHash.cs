namespace Relo.Core.StableForms;

/// <summary>
/// A 32-bit hash. Collisions only have to be rare: where two contents share a hash, the stable form says which is meant. Stored archives
/// depend on it, so it must not change.
/// </summary>
internal struct ContentHash
{
    // Values that have a meaning of their own: no name or type, and the next string.
    private const uint Reserved = 2;

    private uint _value;

    /// <summary>The hash; never one of the reserved values.</summary>
    public readonly uint Value => _value < Reserved ? _value + Reserved : _value;

    /// <summary>The hash of a string.</summary>
    public static uint Of(ReadOnlySpan<byte> text)
    {
        var hash = new ContentHash();
        foreach (var character in text) hash.Add(character);
        return hash.Value;
    }

    /// <summary>Adds a word.</summary>
    public void Add(uint word)
    {
        _value = (_value ^ word) * 0x9e3779b1;
        _value ^= _value >> 15;
    }
}
