using Relo.Archive.Tests.Fixtures;

namespace Relo.SystemTests.Sources;

/// <summary>What the packages of a release contain.</summary>
internal static class ReleaseFiles
{
    /// <summary>Makes a package so large that it is not taken for one that only depends on others.</summary>
    public static byte[] Padding { get; } = RandomBytes();

    /// <summary>BTF that no other release has.</summary>
    public static byte[] BtfOf(string release) => TinyBtf.Of(TypesOf(release));

    /// <summary>A module <c>tiny</c>, split from that BTF.</summary>
    public static byte[] ModuleOf(string release) => TinyElf.Module(TinyBtf.SplitOn(TypesOf(release), "tiny_type"), "tiny", release);

    private static string[] TypesOf(string release) => ["int", "long", "t" + release.Replace('.', '_')];

    private static byte[] RandomBytes()
    {
        var bytes = new byte[80 << 10];
        new Random(1).NextBytes(bytes);
        return bytes;
    }
}
