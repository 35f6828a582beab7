using Relo.Core.Btf;

namespace Relo.Archive.Tests.Differences;

/// <summary>BTF of made-up kernels that are alike: two hundred structs, of which one has another member.</summary>
internal static class LikeBtf
{
    /// <summary>The kernel with this name for the member.</summary>
    public static byte[] Of(string changed)
    {
        var btf = new BtfWriter();
        var number = btf.Int("int", 4);
        for (var i = 0; i < 200; i++)
            btf.Struct($"struct_{i * 7919}", 8, new(i == 100 ? changed : $"m{i * 104729}", number, 0), new("second", number, 32));
        return btf.ToBytes();
    }
}
