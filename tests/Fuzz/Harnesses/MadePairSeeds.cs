using Relo.Conformance.Generated;
using Relo.Core.Bytes;
using Relo.Core.Objects;

namespace Relo.Fuzz.Harnesses;

/// <summary>The made-up pairs of the Conformance tests, as inputs.</summary>
internal static class MadePairSeeds
{
    /// <summary>Longest input; small ones run faster.</summary>
    public const int MaxBytes = 8 << 10;

    private const int Seeded = 300;

    public static IEnumerable<byte[]> All() =>
        HostilePairs.Names.Select(HostilePairs.Make).Where(Opens).Concat(Enumerable.Range(0, Seeded).Select(GeneratedPair.Of))
            .Where(IsLittleEndian).Select(MadePair.Of).Where(seed => seed.Length <= MaxBytes);

    private static bool Opens(GeneratedPair pair)
    {
        try
        {
            return BpfObject.Read(pair.Object).Records.Length > 0;
        }
        catch (MalformedObjectException)
        {
            return false;
        }
    }

    private static bool IsLittleEndian(GeneratedPair pair) => pair.Target[0] == 0x9f;
}
