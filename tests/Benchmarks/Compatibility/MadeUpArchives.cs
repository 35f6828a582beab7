using System.Diagnostics;
using System.Globalization;

namespace Relo.Benchmarks.Compatibility;

/// <summary>
/// A folder for each number of kernels. <c>RELO_MADE_UP</c> names a folder where they stay for the next run, since filling them takes
/// minutes.
/// </summary>
internal sealed class MadeUpArchives : IDisposable
{
    private const string Growing = "growing";

    private readonly TemporaryFolder? _temporary;
    private readonly string _root;

    public MadeUpArchives()
    {
        var kept = Environment.GetEnvironmentVariable("RELO_MADE_UP");
        if (kept is null) _temporary = new();
        _root = kept ?? _temporary!.Path;
    }

    /// <summary>The data folder with this number of kernels.</summary>
    public string Of(int count) => Path.Combine(_root, count.ToString(CultureInfo.InvariantCulture));

    /// <summary>Fills those that are missing.</summary>
    public async Task FillAsync(IReadOnlyList<int> counts, IReadOnlyList<byte[]> objects)
    {
        if (counts.All(count => Directory.Exists(Of(count)))) return;
        var growing = Path.Combine(_root, Growing);
        if (Directory.Exists(growing)) Directory.Delete(growing, recursive: true);
        var (kernels, clock) = (new MadeUpKernels(growing, objects), Stopwatch.StartNew());
        foreach (var count in counts)
        {
            await kernels.FillAsync(count);
            Console.Error.WriteLine($"{count} kernels after {clock.Elapsed.TotalSeconds:0} s");
            if (!Directory.Exists(Of(count))) Keep(growing, Of(count));
        }

        Directory.Delete(growing, recursive: true);
    }

    /// <inheritdoc/>
    public void Dispose() => _temporary?.Dispose();

    // Links to the BTF, which never changes, and a copy of the rest.
    private static void Keep(string growing, string kept)
    {
        Run("cp", "-al", growing, kept + ".part");
        foreach (var file in Directory.EnumerateFiles(growing)) File.Copy(file, Replaced(Path.Combine(kept + ".part", Path.GetFileName(file))));
        Directory.Move(kept + ".part", kept);
    }

    private static string Replaced(string path)
    {
        File.Delete(path);
        return path;
    }

    private static void Run(string program, params string[] arguments)
    {
        using var process = Process.Start(program, arguments);
        process.WaitForExit();
        if (process.ExitCode != 0) throw new InvalidOperationException($"{program} ended with status {process.ExitCode}");
    }
}
