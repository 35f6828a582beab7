using System.Diagnostics;
using Relo.Archive.Tests.Fixtures;

namespace Relo.Api.Tests.Fixtures;

/// <summary>Runs the program as a user does, as a separate process.</summary>
internal static class RunProgram
{
    // Only so that a test whose program hangs ends: far above what any takes on a busy machine.
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(10);

    /// <summary>Its exit status and its whole output.</summary>
    public static async Task<(int Status, string Output)> RunAsync(string root, params string[] arguments)
    {
        var (status, output, error) = await RunAsync(StartOf(root, arguments));
        return (status, output + error);
    }

    /// <summary>Its exit status, standard output and standard error.</summary>
    public static async Task<(int Status, string Output, string Error)> RunAsync(ProcessStartInfo start)
    {
        using var process = Process.Start(start)!;
        using var patience = new CancellationTokenSource(Patience);
        var output = process.StandardOutput.ReadToEndAsync(patience.Token);
        var error = process.StandardError.ReadToEndAsync(patience.Token);
        try
        {
            await process.WaitForExitAsync(patience.Token);
        }
        catch (OperationCanceledException)
        {
            process.Kill(entireProcessTree: true);
            throw;
        }

        return (process.ExitCode, await output, await error);
    }

    /// <summary>Its start: with an archive of the test's own, isolated from this machine and from other hosts.</summary>
    public static ProcessStartInfo StartOf(string root, params string[] arguments)
    {
        var start = new ProcessStartInfo("dotnet") { RedirectStandardOutput = true, RedirectStandardError = true, WorkingDirectory = root };
        start.ArgumentList.Add(typeof(Program).Assembly.Location);
        foreach (var argument in arguments) start.ArgumentList.Add(argument);
        start.Environment["Archive__Root"] = root;
        start.Environment["Archive__Database"] = TestDatabase.Of(root);
        foreach (var (name, value) in TestBlobs.SettingsOf(root))
            start.Environment[name.Replace(":", "__", StringComparison.Ordinal)] = value;
        start.Environment["Archive__RegisterHostKernel"] = "false";
        start.Environment["Archive__Upstream__BaseUrl"] = "";
        return start;
    }
}
