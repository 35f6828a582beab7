using System.Diagnostics;
using System.Globalization;
using System.Text;
using Relo.Conformance.Corpus;

namespace Relo.Conformance.Oracle;

/// <summary>
/// Debian's libbpf in a separate process (oracle/oracle.c): one pair after another. It may crash or hang on hostile
/// types; then the pair's answer is <see cref="OracleOutcome.Died"/> and a new process takes over. Not for several threads.
/// </summary>
public sealed class LibbpfOracle(int secondsPerPair = 120) : IDisposable
{
    private Process? _process;

    /// <param name="objectPath">The object.</param>
    /// <param name="targetPath">Raw BTF. The one used last stays open, so sort pairs by target.</param>
    /// <param name="verbose">Whether to bring libbpf's whole log.</param>
    /// <param name="autoload">Which programs are loaded; all where it is left out.</param>
    public OracleAnswer Ask(string objectPath, string targetPath, bool verbose = false, Autoload autoload = default)
    {
        var process = _process ??= Start();
        try
        {
            process.StandardInput.Write($"{(verbose ? 'v' : 'q')}{autoload}\t{objectPath}\t{targetPath}\n");
            process.StandardInput.Flush();
            if (Read(process.StandardOutput) is { } answer) return answer;
        }
        catch (IOException)
        {
            // The pipe broke: the process is gone, as told below.
        }
        process.WaitForExit();
        var died = new OracleAnswer(OracleOutcome.Died, process.ExitCode, new Dictionary<int, byte[]>(), null,
            [$"the oracle ended with {process.ExitCode} on {objectPath} and {targetPath}"]);
        process.Dispose();
        _process = null;
        return died;
    }

    private Process Start() => Process.Start(new ProcessStartInfo(Cache.RequiredTool("oracle"))
    {
        RedirectStandardInput = true,
        RedirectStandardOutput = true,
        Environment = { ["ORACLE_SECONDS"] = secondsPerPair.ToString(CultureInfo.InvariantCulture) },
    })!;

    private static OracleAnswer? Read(StreamReader from)
    {
        if (Line(from) is not { } head) return null;
        var words = head.Split(' ');
        var outcome = words[1] switch
        {
            "relocated" => OracleOutcome.Relocated,
            "failed" => OracleOutcome.Failed,
            "open-failed" => OracleOutcome.OpenFailed,
            "not-reached" => OracleOutcome.NotReached,
            _ => throw new FormatException($"the oracle said '{head}'"),
        };
        var instructions = new Dictionary<int, byte[]>();
        var log = new List<string>();
        int? failed = null;
        while (Line(from) is { } line)
        {
            if (line == ".") return new(outcome, Number(words[2]), instructions, failed, log);
            var parts = line.Split(' ', 3);
            switch (parts[0])
            {
                case "p": instructions[Number(parts[1])] = Convert.FromHexString(parts[2]); break;
                case "f": failed = Number(parts[1]); break;
                default: log.Add(line[2..]); break;
            }
        }
        return null;
    }

    // Names of hostile types may hold a carriage return, which ends a line for ReadLine.
    private static string? Line(StreamReader from)
    {
        var line = new StringBuilder();
        for (var c = from.Read(); c >= 0; c = from.Read())
        {
            if (c == '\n') return line.ToString();
            line.Append((char)c);
        }
        return null;
    }

    private static int Number(string text) => int.Parse(text, CultureInfo.InvariantCulture);

    public void Dispose()
    {
        if (_process is null) return;
        _process.StandardInput.Close();
        _process.WaitForExit();
        _process.Dispose();
    }
}
