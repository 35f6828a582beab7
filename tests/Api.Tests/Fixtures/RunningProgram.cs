using System.Diagnostics;

namespace Relo.Api.Tests.Fixtures;

/// <summary>The service as a separate process on a free port.</summary>
internal sealed class RunningProgram : IDisposable
{
    private const string Listening = "ow listening on";
    private const string Scheme = "http://";

    private readonly List<string> _said = [];

    private RunningProgram(Process process) => Process = process;

    public Process Process { get; }

    public HttpClient Http { get; } = new(new SocketsHttpHandler { Expect100ContinueTimeout = TimeSpan.FromMinutes(1) });

    private static CancellationToken Patience => TestContext.Current.CancellationToken;

    /// <summary>Starts it and waits until it listens.</summary>
    /// <param name="root">Folder of its archive.</param>
    /// <param name="environment">A variable it finds, <c>NAME=value</c>.</param>
    /// <param name="settings">Configuration beyond that of all tests.</param>
    public static async Task<RunningProgram> StartAsync(string root, string? environment = null, params string[] settings)
    {
        var start = RunProgram.StartOf(root, ["--urls=http://127.0.0.1:0", .. settings]);
        if (environment?.Split('=') is [var name, var value]) start.Environment[name] = value;
        return await StartAsync(start);
    }

    /// <summary>Starts the given process and waits until it listens.</summary>
    public static async Task<RunningProgram> StartAsync(ProcessStartInfo start)
    {
        var running = new RunningProgram(Process.Start(start)!);
        var line = await running.UntilSaidAsync(Listening);
        running.Http.BaseAddress =
            new Uri(Scheme + line[(line.IndexOf(Scheme, StringComparison.Ordinal) + Scheme.Length)..].Split('"', ' ')[0]);
        return running;
    }

    /// <summary>Waits for a line with this text.</summary>
    public async Task<string> UntilSaidAsync(string words)
    {
        while (await Process.StandardError.ReadLineAsync(Patience) is { } line)
        {
            _said.Add(line);
            if (line.Contains(words, StringComparison.Ordinal)) return line;
        }

        throw new InvalidOperationException(string.Join('\n', _said));
    }

    public void Terminate() => Signal("TERM");

    public void Signal(string name)
    {
        using var kill = Process.Start("kill", $"-{name} {Process.Id}");
        kill.WaitForExit();
    }

    /// <summary>Stops it cleanly and returns its output.</summary>
    public Task<List<string>> StopAsync()
    {
        Terminate();
        return UntilEndedAsync();
    }

    /// <summary>Waits for its end and returns its output.</summary>
    public async Task<List<string>> UntilEndedAsync()
    {
        var rest = await Process.StandardError.ReadToEndAsync(Patience);
        await Process.WaitForExitAsync(Patience);
        return [.. _said, .. rest.Split('\n', StringSplitOptions.RemoveEmptyEntries)];
    }

    public void Dispose()
    {
        if (!Process.HasExited) Process.Kill();
        Process.Dispose();
        Http.Dispose();
    }
}
