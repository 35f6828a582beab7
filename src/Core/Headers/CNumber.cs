using System.Collections.Frozen;

namespace Relo.Core.Headers;

/// <summary>The arithmetic types of C, as <c>clang -target bpf</c> lays them out.</summary>
internal static class CNumber
{
    private const int MaxLength = 40;

    // By their words in alphabetical order; "signed" and "int" may be left out.
    private static readonly FrozenDictionary<string, int> _sizes = new (string Words, int Bytes)[]
    {
        ("_Bool", 1), ("char", 1), ("char unsigned", 1), ("short", 2), ("short unsigned", 2), ("", 4), ("unsigned", 4), ("long", 8),
        ("long unsigned", 8), ("long long", 8), ("long long unsigned", 8), ("__int128", 16), ("__int128 unsigned", 16), ("float", 4),
        ("double", 8),
    }.ToFrozenDictionary(entry => entry.Words, entry => entry.Bytes);

    /// <summary>
    /// The size of a type that C knows by this name, its words in any order, such as <c>long unsigned int</c>; 0 for other names.
    /// </summary>
    public static int SizeOf(string name)
    {
        if (name.Length is 0 or > MaxLength) return 0;
        var words = name.Split(' ').Where(word => word is not ("int" or "signed")).Order(StringComparer.Ordinal);
        return _sizes.GetValueOrDefault(string.Join(' ', words));
    }

    /// <summary>The integer of this size; if C has none, a struct of bytes.</summary>
    public static string OfSize(long bytes, bool isSigned) => (bytes, isSigned) switch
    {
        (1, true) => "signed char",
        (1, false) => "unsigned char",
        (2, true) => "short int",
        (2, false) => "short unsigned int",
        (4, true) => "int",
        (4, false) => "unsigned int",
        (8, true) => "long long int",
        (8, false) => "long long unsigned int",
        (16, true) => "__int128",
        (16, false) => "unsigned __int128",
        _ => Bytes(bytes),
    };

    /// <summary>A struct of this many bytes, for types that C does not have.</summary>
    public static string Bytes(long bytes) => FormattableString.Invariant($"struct {{ unsigned char bytes[{bytes}]; }}");
}
