using Relo.Archive.KernelFiles;

namespace Relo.Archive.Tests.Fixtures;

/// <summary>Reads kernel files as the archive does, with its default limits.</summary>
internal static class Reading
{
    public static readonly UnpackLimits Limits = new(256 << 20, 200);

    public static ReadSettings Settings(UnpackLimits? limits = null) =>
        new(limits ?? Limits, Path.GetTempPath(), TimeSpan.FromMinutes(2), new("pahole", TimeSpan.FromMinutes(2), 4L << 30));

    public static KernelFile Read(ReadOnlyMemory<byte> file, UnpackLimits? limits = null) =>
        KernelFileReader.Read(file, Settings(limits), TestContext.Current.CancellationToken);

    public static string Refused(ReadOnlyMemory<byte> file, UnpackLimits? limits = null) =>
        Assert.Throws<KernelFileException>(() => Read(file, limits)).Message;
}
