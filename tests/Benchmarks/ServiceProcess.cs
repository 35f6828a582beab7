using System.Diagnostics;
using System.Globalization;

namespace Relo.Benchmarks;

/// <summary>
/// The service as a separate process, as in production: on a free port, with its own data folder and no upstream. <c>RELO_SERVICE</c> names
/// another
/// <c>Relo.Api.dll</c> than the one built with this program, a published one for example.
/// </summary>
internal sealed class ServiceProcess : IAsyncDisposable
{
    // One after the other, for a benchmark that starts several.
    private static readonly TextWriter? Log = Environment.GetEnvironmentVariable("RELO_SERVICE_LOG") is { } file
        ? TextWriter.Synchronized(new StreamWriter(file) { AutoFlush = true })
        : null;

    /// <summary>The program, if no other is given.</summary>
    public static string Default { get; } = Environment.GetEnvironmentVariable("RELO_SERVICE")
        ?? Path.Combine(AppContext.BaseDirectory, "Relo.Api.dll");
    private readonly Process _process;

    private ServiceProcess(Process process, string root, Uri address)
    {
        _process = process;
        Root = root;
        Client = new HttpClient { BaseAddress = address, Timeout = TimeSpan.FromMinutes(10) };
    }

    /// <summary>Its data folder.</summary>
    public string Root { get; }

    /// <summary>Asks it.</summary>
    public HttpClient Client { get; }

    /// <summary>Its address.</summary>
    public Uri Address => Client.BaseAddress!;

    /// <summary>Whether it has ended.</summary>
    public bool HasEnded => _process.HasExited;

    /// <summary>Its process id.</summary>
    public int Pid => _process.Id;

    /// <summary>Wall time from the start of the process until it first reports ready.</summary>
    public TimeSpan ReadyAfter { get; private set; }

    /// <summary>Its current memory, in bytes.</summary>
    public long ResidentBytes => Status("VmRSS");

    /// <summary>Its peak memory so far, in bytes.</summary>
    public long PeakResidentBytes => Status("VmHWM");

    /// <summary>Its memory without file pages: the pages of opened BTF can be dropped at any time.</summary>
    public long AnonymousBytes => Status("RssAnon");

    /// <summary>Its processor time so far, on all cores.</summary>
    public TimeSpan ProcessorTime
    {
        get
        {
            _process.Refresh();
            return _process.TotalProcessorTime;
        }
    }

    /// <summary>Starts it and waits until it is ready.</summary>
    /// <param name="root">The data folder; made where it is missing.</param>
    /// <param name="settings">As on the command line, for example <c>--Cache:Bytes=0</c>.</param>
    /// <param name="environment">For example <c>DOTNET_gcServer</c>.</param>
    /// <param name="program">Another <c>Relo.Api.dll</c>.</param>
    /// <param name="alsoAt">A further address that it listens on.</param>
    /// <param name="through">A command that starts it.</param>
    public static async Task<ServiceProcess> StartAsync(
        string root, IEnumerable<string>? settings = null, IReadOnlyDictionary<string, string>? environment = null, string? program =
            null, Uri? alsoAt = null,
        IReadOnlyList<string>? through = null)
    {
        Directory.CreateDirectory(root);
        var address = new Uri(string.Create(CultureInfo.InvariantCulture, $"http://127.0.0.1:{Ports.Free()}"));
        string[] command = [.. through ?? [], "dotnet"];
        var start = new ProcessStartInfo(command[0]) { RedirectStandardError = true };
        foreach (var argument in (string[])[.. command[1..], program ?? Default, $"--urls={address};{alsoAt}".TrimEnd(';'),
            $"--Archive:Root={root}", "--Archive:Upstream:BaseUrl=", "--Archive:RegisterHostKernel=false", .. settings ?? []])
            start.ArgumentList.Add(argument);
        foreach (var (name, value) in environment ?? new Dictionary<string, string>()) start.Environment[name] = value;

        var clock = Stopwatch.StartNew();
        var process = Process.Start(start)!;
        process.ErrorDataReceived += (_, line) => Log?.WriteLine(line.Data); // a pipe that nobody empties would stop it
        process.BeginErrorReadLine();
        var service = new ServiceProcess(process, root, address);
        while (!await service.IsReadyAsync())
        {
            if (process.HasExited)
                throw new InvalidOperationException($"the service ended with status {process.ExitCode} before it was ready");
            if (clock.Elapsed > TimeSpan.FromMinutes(5)) throw new TimeoutException("the service was not ready within 5 minutes");
            await Task.Delay(5);
        }

        service.ReadyAfter = clock.Elapsed;
        return service;
    }

    /// <summary>Stops it as an operator would.</summary>
    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        if (!_process.HasExited)
        {
            using var stop = Process.Start("kill", _process.Id.ToString(CultureInfo.InvariantCulture));
            using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(30));
            try
            {
                await _process.WaitForExitAsync(patience.Token);
            }
            catch (OperationCanceledException)
            {
                _process.Kill();
            }
        }

        _process.Dispose();
    }

    private async Task<bool> IsReadyAsync()
    {
        try
        {
            using var answer = await Client.GetAsync(new Uri("/healthz/ready", UriKind.Relative));
            return answer.IsSuccessStatusCode;
        }
        catch (HttpRequestException)
        {
            return false;
        }
    }

    private long Status(string name)
    {
        foreach (var line in File.ReadLines($"/proc/{_process.Id}/status"))
        {
            if (line.StartsWith(name + ":", StringComparison.Ordinal))
                return 1024 * long.Parse(line.AsSpan(name.Length + 1).Trim().TrimEnd("kB").Trim(), CultureInfo.InvariantCulture);
        }

        throw new InvalidOperationException($"the kernel does not tell {name}");
    }
}
