using System.Security.Cryptography;

namespace Relo.Fuzz.Guided;

/// <summary>The files of a run: the corpus for the next run, the findings, and the current input in case the process dies.</summary>
internal static class FindingFiles
{
    public static string CorpusOf(Harness harness) => Made(Path.Combine(Folders.Cache, "fuzz", harness.Name));

    /// <summary>The file with the current input of the process with this id.</summary>
    public static string LastOf(Harness harness, int processId) => Path.Combine(CorpusOf(harness), $"last.{processId}");

    /// <summary>Saves a finding.</summary>
    /// <returns>The file.</returns>
    public static string Keep(Harness harness, byte[] input, string fault)
    {
        var file = Path.Combine(Made(Path.Combine(Folders.Cache, "fuzz", "findings", harness.Name)), Name(input) + ".bin");
        File.WriteAllBytes(file, input);
        File.WriteAllText(Path.ChangeExtension(file, ".txt"), fault + "\n");
        return file;
    }

    public static string KeepLast(Harness harness, int processId) =>
        Keep(harness, LastInput.Read(LastOf(harness, processId)), "the process ended");

    public static string Name(byte[] input) => Convert.ToHexStringLower(SHA256.HashData(input))[..16];

    private static string Made(string folder)
    {
        Directory.CreateDirectory(folder);
        return folder;
    }
}
