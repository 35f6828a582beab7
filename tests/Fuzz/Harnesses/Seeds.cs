namespace Relo.Fuzz.Harnesses;

/// <summary>
/// Valid files as seeds: the samples of this repository and, after tests/corpus/make, objects of every clang.
/// </summary>
internal static class Seeds
{
    private const int MaxBytes = 24 << 10;

    public static byte[] Object { get; } = Read("runqslower-mini.bpf.o");

    public static byte[] BigEndianObject { get; } = Read("runqslower-mini.big-endian.bpf.o");

    public static byte[] FlagsStatus { get; } = Read("5.10.0-flags-status.btf");

    public static byte[] SyscallWork { get; } = Read("5.11.0-syscall-work.btf");

    /// <summary>Small objects of the corpus; only for the guided run, because the tests must find the same on every machine.</summary>
    public static IEnumerable<byte[]> Corpus()
    {
        var folder = Path.Combine(Folders.Cache, "family");
        if (!Coverage.IsOn || !Directory.Exists(folder)) return [];
        return Directory.EnumerateFiles(folder, "*.o", SearchOption.AllDirectories).Order(StringComparer.Ordinal)
            .Where(file => new FileInfo(file).Length <= MaxBytes).Take(60).Select(File.ReadAllBytes);
    }

    private static byte[] Read(string name) =>
        File.ReadAllBytes(
            Directory.EnumerateFiles(Path.Combine(AppContext.BaseDirectory, "Seeds"), name, SearchOption.AllDirectories).First());
}
