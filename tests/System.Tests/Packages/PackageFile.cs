using Relo.Archive.KernelFiles.Packages;
using Relo.Archive.KernelFiles.Unpacking;
using Relo.Archive.Tests.Fixtures;

namespace Relo.SystemTests.Packages;

/// <summary>A single file of a real package.</summary>
internal static class PackageFile
{
    public static byte[] Read(byte[] deb, Func<string, bool> isIt)
    {
        using var unpacker = new Unpacker(Reading.Settings(), TestContext.Current.CancellationToken);
        var data = ArMembers.Read(deb).Single(m => m.Name.StartsWith("data.tar", StringComparison.Ordinal)).Bytes;
        using var stream = unpacker.Open(Compression.Of(data.Span)!, data);
        var tar = new TarWalk(stream, TestContext.Current.CancellationToken);
        while (tar.Next() is { } member)
        {
            if (!isIt(member.Name)) continue;
            var content = new MemoryStream();
            tar.Content().CopyTo(content);
            return content.ToArray();
        }

        throw new FileNotFoundException("the package has no such file");
    }
}
