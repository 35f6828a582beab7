using System.Diagnostics;
using System.Globalization;
using System.Text.RegularExpressions;

namespace Relo.Core.Tests.Bpf;

/// <summary>The installed LLVM tools, newest first; a test without them is skipped.</summary>
internal static partial class Llvm
{
    /// <summary>The newest <paramref name="tool"/> on this machine, or null.</summary>
    public static (string Path, int Version)? Find(string tool)
    {
        var best = ((string, int)?)null;
        foreach (var file in Directory.EnumerateFiles("/usr/bin", tool + "*")
            .Where(f => Name().IsMatch(Path.GetFileName(f)[tool.Length..])))
        {
            var match = Version().Match(Run(file, ["--version"], "").Output);
            var version = match.Success ? int.Parse(match.Groups[1].Value, CultureInfo.InvariantCulture) : 0;
            if (best is not { } b || version > b.Item2)
                best = (file, version);
        }
        return best;
    }

    /// <summary>Runs a tool to its end.</summary>
    public static (string Output, string Errors) Run(string path, IEnumerable<string> arguments, string input)
    {
        using var process = Process.Start(new ProcessStartInfo(path, arguments)
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        })!;
        var output = process.StandardOutput.ReadToEndAsync();
        var errors = process.StandardError.ReadToEndAsync();
        process.StandardInput.Write(input);
        process.StandardInput.Close();
        process.WaitForExit();
        return (output.GetAwaiter().GetResult(), errors.GetAwaiter().GetResult());
    }

    [GeneratedRegex(@"LLVM version (\d+)")]
    private static partial Regex Version();

    [GeneratedRegex(@"^(-\d+)?$")]
    private static partial Regex Name();
}
