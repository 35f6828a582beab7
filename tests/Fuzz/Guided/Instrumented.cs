using SharpFuzz;

namespace Relo.Fuzz.Guided;

/// <summary>A copy of this program whose assemblies count their branches.</summary>
internal static class Instrumented
{
    private static readonly string[] Assemblies =
        ["Relo.Core.dll", "Relo.Archive.dll", "Relo.Api.dll", "SharpCompress.dll", "K4os.Compression.LZ4.dll", "ZstdSharp.dll"];

    /// <summary>Rebuilds it.</summary>
    /// <returns>The path of its program.</returns>
    public static string Make()
    {
        var from = AppContext.BaseDirectory;
        var to = Path.Combine(Path.GetTempPath(), $"relo-fuzz-{Environment.ProcessId}");
        foreach (var file in Directory.EnumerateFiles(from, "*", SearchOption.AllDirectories))
        {
            var target = Path.Combine(to, Path.GetRelativePath(from, file));
            Directory.CreateDirectory(Path.GetDirectoryName(target)!);
            File.Copy(file, target);
        }
        foreach (var name in Assemblies)
        {
            foreach (var _ in Fuzzer.Instrument(Path.Combine(to, name), _ => true, Options.Value)) { } // it works as it is gone through
        }
        return Path.Combine(to, "Relo.Fuzz.dll");
    }
}
